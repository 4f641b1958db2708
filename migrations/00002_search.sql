-- +goose Up

-- How far a need may look, and which worker found it as urgent as declared.
ALTER TABLE needs ADD COLUMN reach text NOT NULL DEFAULT '';
ALTER TABLE needs ADD COLUMN confirmed_by ${UUID};

-- The needs of a scarce class wait until closes_at and are then planned
-- together; the row stays while the class stays scarce.
CREATE TABLE windows (
  grid_id   ${UUID} NOT NULL,
  item_id   text NOT NULL,
  closes_at ${TS} NOT NULL,
  PRIMARY KEY (grid_id, item_id));

-- No index looks at a quantity any more, so that a reservation rewrites one row
-- alone. A database made before this keeps the foreign keys that its exchange rows
-- had: they cost time and do no harm.
DROP INDEX lots_free;
DROP INDEX lots_due;
CREATE INDEX lots_free ON lots (grid_id, item_id) WHERE state = 'offered';
CREATE INDEX lots_due ON lots (due_at) WHERE state = 'offered' AND due_at IS NOT NULL;

-- +goose Down
DROP INDEX lots_due;
DROP INDEX lots_free;
CREATE INDEX lots_free ON lots (grid_id, item_id) WHERE remaining > 0;
CREATE INDEX lots_due ON lots (due_at) WHERE remaining > 0 AND due_at IS NOT NULL;
DROP TABLE windows;
ALTER TABLE needs DROP COLUMN confirmed_by;
ALTER TABLE needs DROP COLUMN reach;

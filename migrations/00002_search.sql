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

-- +goose Down
DROP TABLE windows;
ALTER TABLE needs DROP COLUMN confirmed_by;
ALTER TABLE needs DROP COLUMN reach;

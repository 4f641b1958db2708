-- +goose Up

-- So many units of a lent lot are in a home until a day.
CREATE TABLE loans (
  id           ${UUID} PRIMARY KEY,
  grid_id      ${UUID} NOT NULL,
  match_id     ${UUID} NOT NULL,
  lot_id       ${UUID} NOT NULL,
  receiver_id  ${UUID} NOT NULL,
  household_id ${UUID} NOT NULL,
  item_id      text NOT NULL,
  quantity     integer NOT NULL CHECK (quantity > 0),
  due_on       text NOT NULL,
  state        text NOT NULL CHECK (state IN ('out','back','lost','broken')),
  extended     integer NOT NULL,
  reminded     integer NOT NULL,
  remind_at    ${TS},
  wiped        boolean NOT NULL,
  checked_by   ${UUID},
  note         ${BYTES},
  created_at   ${TS} NOT NULL,
  closed_at    ${TS},
  version      integer NOT NULL);
CREATE UNIQUE INDEX loans_by_match ON loans (match_id);
CREATE INDEX loans_by_lot ON loans (lot_id);
CREATE INDEX loans_by_person ON loans (receiver_id, id);
CREATE INDEX loans_out ON loans (grid_id, due_on) WHERE state = 'out';
CREATE INDEX loans_remind ON loans (remind_at) WHERE remind_at IS NOT NULL;

-- A lender wants it back: it is lent to nobody after this one.
ALTER TABLE lots ADD COLUMN want_back_at ${TS};

-- +goose Down
ALTER TABLE lots DROP COLUMN want_back_at;
DROP TABLE loans;

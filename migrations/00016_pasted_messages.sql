-- +goose Up

-- A message of a residents' group chat that was pasted in and posted: a keyed hash
-- of who wrote what, and nothing of it in clear. The same message pasted again,
-- by whomever, is known by it for a week.
CREATE TABLE pasted_messages (
  grid_id ${UUID} NOT NULL,
  mark    ${BYTES} NOT NULL,
  post_id ${UUID} NOT NULL,
  at      ${TS} NOT NULL,
  PRIMARY KEY (grid_id, mark));
CREATE INDEX pasted_messages_by_age ON pasted_messages (at);

-- +goose Down
DROP TABLE pasted_messages;

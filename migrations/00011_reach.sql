-- +goose Up

-- Who cannot tap says yes aloud; then the one who heard it is named.
ALTER TABLE consents ADD COLUMN heard text NOT NULL DEFAULT '' CHECK (heard IN ('','face','phone'));
ALTER TABLE consents ADD COLUMN heard_by ${UUID};

-- A few preset words from a worker to a neighbour, and her answer.
CREATE TABLE messages (
  id            ${UUID} PRIMARY KEY,
  grid_id       ${UUID} NOT NULL,
  person_id     ${UUID} NOT NULL,
  about         text NOT NULL CHECK (about IN ('need','match','handover')),
  about_id      ${UUID} NOT NULL,
  about_grid_id ${UUID} NOT NULL,
  item_id       text NOT NULL,
  units         integer NOT NULL,
  code          text NOT NULL CHECK (code IN ('ring','door','bring')),
  sent_by       ${UUID} NOT NULL,
  state         text NOT NULL CHECK (state IN ('open','answered','over')),
  answer        text NOT NULL DEFAULT '' CHECK (answer IN ('','ok','later','cannot')),
  created_at    ${TS} NOT NULL,
  due_at        ${TS} NOT NULL,
  closed_at     ${TS},
  version       integer NOT NULL);
CREATE INDEX messages_to ON messages (person_id, created_at);
CREATE INDEX messages_by_grid ON messages (grid_id, created_at);
CREATE INDEX messages_by_thing ON messages (about_grid_id, created_at);
CREATE INDEX messages_due ON messages (due_at) WHERE state = 'open';

-- +goose Down
DROP TABLE messages;
ALTER TABLE consents DROP COLUMN heard_by;
ALTER TABLE consents DROP COLUMN heard;

-- +goose Up

-- Whose WeChat account it is: sealed, and found by a keyed hash.
CREATE TABLE wechat_bindings (
  person_id     ${UUID} PRIMARY KEY REFERENCES people(id) ON DELETE RESTRICT,
  open_id       ${BYTES} NOT NULL,
  open_id_index ${BYTES} NOT NULL UNIQUE,
  created_at    ${TS} NOT NULL);

-- What a sign-in by WeChat is exchanged for, once and soon.
CREATE TABLE wechat_tickets (
  id         ${UUID} PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('enter','bind')),
  hash       ${BYTES} NOT NULL UNIQUE,
  open_id    ${BYTES} NOT NULL,
  created_at ${TS} NOT NULL,
  expires_at ${TS} NOT NULL,
  used_at    ${TS});
CREATE INDEX wechat_tickets_over ON wechat_tickets (expires_at);

-- How many messages of a moment somebody has allowed: one for each tap.
CREATE TABLE wechat_grants (
  person_id ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  moment    text NOT NULL CHECK (moment IN ('match','drop','ready','lapse','closed')),
  budget    integer NOT NULL CHECK (budget >= 0),
  PRIMARY KEY (person_id, moment));

-- How far the events of a grid were looked at for messages.
CREATE TABLE wechat_cursors (
  grid_id ${UUID} PRIMARY KEY REFERENCES grids(id) ON DELETE RESTRICT,
  seq     bigint NOT NULL CHECK (seq >= 0));

-- One message for one person about one moment of one handover, sent or not.
CREATE TABLE wechat_messages (
  id          ${UUID} PRIMARY KEY,
  person_id   ${UUID} NOT NULL,
  moment      text NOT NULL CHECK (moment IN ('match','drop','ready','lapse','closed')),
  handover_id ${UUID} NOT NULL,
  state       text NOT NULL CHECK (state IN ('waiting','sent','refused','failed','over')),
  tries       integer NOT NULL,
  code        integer NOT NULL,
  created_at  ${TS} NOT NULL,
  due_at      ${TS} NOT NULL,
  closed_at   ${TS},
  UNIQUE (handover_id, person_id, moment));
CREATE INDEX wechat_messages_due ON wechat_messages (due_at) WHERE state = 'waiting';
CREATE INDEX wechat_messages_by_person ON wechat_messages (person_id);

-- +goose Down
DROP TABLE wechat_messages;
DROP TABLE wechat_cursors;
DROP TABLE wechat_grants;
DROP TABLE wechat_tickets;
DROP TABLE wechat_bindings;

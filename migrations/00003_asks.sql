-- +goose Up

-- Each step by which a need looks further, and who took it: null is the policy.
CREATE TABLE widenings (
  id         ${UUID} PRIMARY KEY,
  need_id    ${UUID} NOT NULL,
  grid_id    ${UUID} NOT NULL,
  to_grid_id ${UUID} NOT NULL,
  actor_id   ${UUID},
  at         ${TS} NOT NULL);
CREATE INDEX widenings_by_need ON widenings (need_id, at);
CREATE INDEX needs_widened ON needs (reach, id) WHERE state = 'open' AND reach <> '';

-- A question to one neighbour; a lot that answers one says so.
CREATE TABLE asks (
  id           ${UUID} PRIMARY KEY,
  grid_id      ${UUID} NOT NULL,
  need_id      ${UUID} NOT NULL,
  need_grid_id ${UUID} NOT NULL,
  item_id      text NOT NULL,
  units        integer NOT NULL CHECK (units BETWEEN 1 AND 1000),
  person_id    ${UUID} NOT NULL,
  household_id ${UUID} NOT NULL,
  state        text NOT NULL CHECK (state IN ('open','yes','no','silent','over')),
  created_at   ${TS} NOT NULL,
  due_at       ${TS} NOT NULL,
  answered_at  ${TS},
  version      integer NOT NULL);
CREATE INDEX asks_by_need ON asks (need_id);
CREATE INDEX asks_by_grid ON asks (grid_id, created_at);
CREATE INDEX asks_open ON asks (person_id) WHERE state = 'open';
ALTER TABLE lots ADD COLUMN ask_id ${UUID};

-- "That is not right, let the worker look": a plan's decision, and hers.
CREATE TABLE reviews (
  id         ${UUID} PRIMARY KEY,
  grid_id    ${UUID} NOT NULL,
  need_id    ${UUID} NOT NULL,
  match_id   ${UUID},
  person_id  ${UUID} NOT NULL,
  note       ${BYTES},
  state      text NOT NULL CHECK (state IN ('open','stands','helped')),
  reply      ${BYTES},
  decided_by ${UUID},
  created_at ${TS} NOT NULL,
  decided_at ${TS},
  version    integer NOT NULL);
CREATE INDEX reviews_by_need ON reviews (need_id);
CREATE INDEX reviews_open ON reviews (grid_id, created_at) WHERE state = 'open';

-- Two more questions: to be asked for help, and at night too. SQLite cannot change
-- a check, so the table is made anew.
CREATE TABLE consents_new (
  id           ${UUID} PRIMARY KEY,
  person_id    ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  kind         text NOT NULL CHECK (kind IN ('terms','health','board','contact','asks','night')),
  match_id     ${UUID},
  text_version text NOT NULL,
  granted      boolean NOT NULL,
  at           ${TS} NOT NULL);
INSERT INTO consents_new SELECT id, person_id, kind, match_id, text_version, granted, at FROM consents;
DROP TABLE consents;
ALTER TABLE consents_new RENAME TO consents;
CREATE INDEX consents_by_person ON consents (person_id, kind, at);
CREATE INDEX consents_by_match ON consents (match_id) WHERE match_id IS NOT NULL;

-- +goose Down
CREATE TABLE consents_old (
  id           ${UUID} PRIMARY KEY,
  person_id    ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  kind         text NOT NULL CHECK (kind IN ('terms','health','board','contact')),
  match_id     ${UUID},
  text_version text NOT NULL,
  granted      boolean NOT NULL,
  at           ${TS} NOT NULL);
INSERT INTO consents_old SELECT id, person_id, kind, match_id, text_version, granted, at FROM consents WHERE kind NOT IN ('asks','night');
DROP TABLE consents;
ALTER TABLE consents_old RENAME TO consents;
CREATE INDEX consents_by_person ON consents (person_id, kind, at);
CREATE INDEX consents_by_match ON consents (match_id) WHERE match_id IS NOT NULL;
DROP TABLE reviews;
ALTER TABLE lots DROP COLUMN ask_id;
DROP TABLE asks;
DROP INDEX needs_widened;
DROP TABLE widenings;

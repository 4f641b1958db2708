-- +goose Up

-- One row of facts about this database: epoch, key check, demo mark.
CREATE TABLE meta (
  name  text PRIMARY KEY,
  value text NOT NULL);

CREATE TABLE grids (
  id         ${UUID} PRIMARY KEY,
  parent_id  ${UUID} REFERENCES grids(id) ON DELETE RESTRICT,
  code       text NOT NULL UNIQUE,
  name       text NOT NULL,
  level      text NOT NULL CHECK (level IN ('city','town','general','ordinary','micro')),
  tree       text NOT NULL CHECK (tree IN ('territorial','dedicated')),
  path       text NOT NULL UNIQUE,
  homes      integer NOT NULL DEFAULT 0 CHECK (homes >= 0),
  created_at ${TS} NOT NULL);
CREATE INDEX grids_by_parent ON grids (parent_id, code);

-- The narrow row that is locked to change a grid. Foreign keys point at grids,
-- not here, so that an insert does not wait for a locked grid.
CREATE TABLE grid_seq (
  grid_id   ${UUID} PRIMARY KEY REFERENCES grids(id) ON DELETE RESTRICT,
  seq       bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
  first_seq bigint NOT NULL DEFAULT 1 CHECK (first_seq >= 1)) ${UPDATED};

CREATE TABLE households (
  id              ${UUID} PRIMARY KEY,
  grid_id         ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  building        text NOT NULL,
  unit            ${BYTES},
  room            ${BYTES},
  care            ${BYTES},
  address_key     ${BYTES} NOT NULL UNIQUE,
  door_generation integer NOT NULL DEFAULT 0 CHECK (door_generation >= 0),
  lat             double precision NOT NULL DEFAULT 0,
  lon             double precision NOT NULL DEFAULT 0,
  made            boolean NOT NULL DEFAULT false,
  version         integer NOT NULL DEFAULT 1,
  created_at      ${TS} NOT NULL);
CREATE INDEX households_by_grid ON households (grid_id, building);

CREATE TABLE people (
  id           ${UUID} PRIMARY KEY,
  grid_id      ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  household_id ${UUID} REFERENCES households(id) ON DELETE RESTRICT,
  name         ${BYTES},
  phone        ${BYTES},
  phone_index  ${BYTES},
  state        text NOT NULL CHECK (state IN ('pending','approved','refused','left')),
  persona      text NOT NULL DEFAULT '',
  made         boolean NOT NULL DEFAULT false,
  version      integer NOT NULL DEFAULT 1,
  created_at   ${TS} NOT NULL);
CREATE INDEX people_by_grid ON people (grid_id, state, id);
CREATE INDEX people_by_household ON people (household_id);
CREATE INDEX people_by_phone ON people (phone_index);
CREATE UNIQUE INDEX people_one_persona ON people (persona) WHERE persona <> '';

CREATE TABLE roles (
  id         ${UUID} PRIMARY KEY,
  person_id  ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  grid_id    ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  grid_path  text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('resident','volunteer','worker','leader','doctor','operator')),
  created_at ${TS} NOT NULL,
  revoked_at ${TS});
CREATE INDEX roles_by_person ON roles (person_id);
CREATE UNIQUE INDEX roles_once ON roles (person_id, grid_id, kind) WHERE revoked_at IS NULL;

CREATE TABLE credentials (
  id           ${UUID} PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('session','ticket','door','invitation')),
  hash         ${BYTES} NOT NULL UNIQUE,
  person_id    ${UUID} REFERENCES people(id) ON DELETE RESTRICT,
  household_id ${UUID} REFERENCES households(id) ON DELETE RESTRICT,
  grid_id      ${UUID} REFERENCES grids(id) ON DELETE RESTRICT,
  role         text NOT NULL DEFAULT '',
  created_at   ${TS} NOT NULL,
  expires_at   ${TS},
  used_at      ${TS},
  revoked_at   ${TS});
CREATE INDEX credentials_by_person ON credentials (person_id, kind);
CREATE INDEX credentials_by_household ON credentials (household_id);
-- Revocations are read every two seconds to close open sockets.
CREATE INDEX credentials_revoked ON credentials (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX roles_revoked ON roles (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE relay_points (
  id         ${UUID} PRIMARY KEY,
  grid_id    ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  serves_id  ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  code       text NOT NULL UNIQUE,
  name       text NOT NULL,
  address    text NOT NULL DEFAULT '',
  contact    text NOT NULL DEFAULT '',
  phone      text NOT NULL DEFAULT '',
  host_id    ${UUID} REFERENCES people(id) ON DELETE RESTRICT,
  deputy_id  ${UUID} REFERENCES people(id) ON DELETE RESTRICT,
  hours      ${JSON} NOT NULL,
  capacity   integer NOT NULL DEFAULT 0 CHECK (capacity >= 0),
  lat        double precision NOT NULL DEFAULT 0,
  lon        double precision NOT NULL DEFAULT 0,
  state      text NOT NULL CHECK (state IN ('open','paused')),
  version    integer NOT NULL DEFAULT 1,
  created_at ${TS} NOT NULL);
CREATE INDEX relay_points_by_serves ON relay_points (serves_id);
CREATE INDEX relay_points_by_grid ON relay_points (grid_id);

CREATE TABLE consents (
  id           ${UUID} PRIMARY KEY,
  person_id    ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  kind         text NOT NULL CHECK (kind IN ('terms','health','board','contact')),
  match_id     ${UUID},
  text_version text NOT NULL,
  granted      boolean NOT NULL,
  at           ${TS} NOT NULL);
CREATE INDEX consents_by_person ON consents (person_id, kind, at);
CREATE INDEX consents_by_match ON consents (match_id) WHERE match_id IS NOT NULL;

-- The exchange. Its rows name grids, people and each other without foreign
-- keys: every change holds the lock of the grid's row in grid_seq and writes ids
-- that it has read under it, and nobody deletes them. To look each of them up
-- once more was a sixth of the cost of an exchange; doctor looks instead.
CREATE TABLE requests (
  id           ${UUID} PRIMARY KEY,
  grid_id      ${UUID} NOT NULL,
  household_id ${UUID} NOT NULL,
  person_id    ${UUID} NOT NULL,
  posted_by    ${UUID} NOT NULL,
  way          text NOT NULL CHECK (way IN ('relay','door')),
  private      boolean NOT NULL,
  note         ${BYTES},
  created_at   ${TS} NOT NULL);
CREATE INDEX requests_by_person ON requests (person_id, id);

CREATE TABLE needs (
  id            ${UUID} PRIMARY KEY,
  request_id    ${UUID} NOT NULL,
  grid_id       ${UUID} NOT NULL,
  household_id  ${UUID} NOT NULL,
  person_id     ${UUID} NOT NULL,
  item_id       text NOT NULL,
  requested     integer NOT NULL CHECK (requested BETWEEN 1 AND 1000),
  open          integer NOT NULL CHECK (open >= 0),
  matched       integer NOT NULL CHECK (matched >= 0),
  fulfilled     integer NOT NULL CHECK (fulfilled >= 0),
  cancelled     integer NOT NULL CHECK (cancelled >= 0),
  state         text NOT NULL CHECK (state IN ('open','matched','fulfilled','cancelled','unmet')),
  cancel_reason text NOT NULL DEFAULT '',
  urgency       text NOT NULL CHECK (urgency IN ('now','today','days')),
  urgency_why   ${BYTES},
  patient       ${BYTES},
  private       boolean NOT NULL,
  held          boolean NOT NULL DEFAULT false,
  cleared_by    ${UUID},
  why           ${JSON} NOT NULL,
  next_at       ${TS},
  due_at        ${TS},
  version       integer NOT NULL,
  created_at    ${TS} NOT NULL,
  CHECK (open + matched + fulfilled + cancelled = requested));
CREATE INDEX needs_by_request ON needs (request_id);
CREATE INDEX needs_by_person ON needs (person_id, id);
CREATE INDEX needs_open ON needs (grid_id, id) WHERE state = 'open';
CREATE INDEX needs_due ON needs (due_at) WHERE state = 'open' AND due_at IS NOT NULL;
CREATE INDEX needs_next ON needs (next_at) WHERE state = 'open' AND next_at IS NOT NULL;
CREATE INDEX needs_board ON needs (grid_id, created_at) WHERE state IN ('open','matched');

CREATE TABLE offers (
  id           ${UUID} PRIMARY KEY,
  grid_id      ${UUID} NOT NULL,
  household_id ${UUID} NOT NULL,
  person_id    ${UUID} NOT NULL,
  way          text NOT NULL CHECK (way IN ('relay','door')),
  note         ${BYTES},
  created_at   ${TS} NOT NULL);
CREATE INDEX offers_by_person ON offers (person_id, id);

CREATE TABLE lots (
  id           ${UUID} PRIMARY KEY,
  offer_id     ${UUID} NOT NULL,
  parent_id    ${UUID},
  grid_id      ${UUID} NOT NULL,
  household_id ${UUID} NOT NULL,
  person_id    ${UUID} NOT NULL,
  item_id      text NOT NULL,
  strength     text NOT NULL DEFAULT '',
  form         text NOT NULL DEFAULT '',
  pack_size    integer NOT NULL DEFAULT 0,
  batch        text NOT NULL DEFAULT '',
  expires_on   text NOT NULL DEFAULT '',
  seal         text NOT NULL,
  kind         text NOT NULL,
  way          text NOT NULL,
  offered      integer NOT NULL CHECK (offered BETWEEN 0 AND 1000),
  remaining    integer NOT NULL,
  reserved     integer NOT NULL,
  lent         integer NOT NULL,
  given        integer NOT NULL,
  withdrawn    integer NOT NULL,
  expired      integer NOT NULL,
  state        text NOT NULL CHECK (state IN ('offered','taken','closed')),
  close_reason text NOT NULL DEFAULT '',
  place        text NOT NULL CHECK (place IN ('home','box')),
  relay_id     ${UUID},
  checked_at   ${TS},
  checked_by   ${UUID},
  due_at       ${TS},
  version      integer NOT NULL,
  created_at   ${TS} NOT NULL,
  -- Few checks, because each is compiled anew for every reservation: what never
  -- changes is checked where it comes in, and six numbers at once: together their
  -- bits hold a sign if one of them does.
  CHECK ((remaining | reserved | lent | given | withdrawn | expired) >= 0
    AND remaining + reserved + lent + given + withdrawn + expired = offered)) ${UPDATED};
CREATE INDEX lots_by_offer ON lots (offer_id);
CREATE INDEX lots_by_person ON lots (person_id, id);
CREATE INDEX lots_free ON lots (grid_id, item_id) WHERE remaining > 0;
CREATE INDEX lots_due ON lots (due_at) WHERE remaining > 0 AND due_at IS NOT NULL;

CREATE TABLE handovers (
  id                    ${UUID} PRIMARY KEY,
  grid_id               ${UUID} NOT NULL,
  relay_id              ${UUID},
  receiver_id           ${UUID} NOT NULL,
  receiver_household_id ${UUID} NOT NULL,
  giver_household_id    ${UUID},
  state                 text NOT NULL CHECK (state IN ('awaiting','checking','ready','out','done','returned','refused','lapsed')),
  generation            integer NOT NULL CHECK (generation >= 1),
  wrong_tries           integer NOT NULL CHECK (wrong_tries >= 0),
  due_at                ${TS},
  closed_by             ${UUID},
  version               integer NOT NULL,
  created_at            ${TS} NOT NULL,
  ready_at              ${TS},
  closed_at             ${TS});
CREATE INDEX handovers_live ON handovers (grid_id, due_at) WHERE state IN ('awaiting','checking','ready','out');
CREATE INDEX handovers_due ON handovers (due_at) WHERE state IN ('awaiting','checking','ready','out');

CREATE TABLE matches (
  id                    ${UUID} PRIMARY KEY,
  grid_id               ${UUID} NOT NULL,
  lot_grid_id           ${UUID} NOT NULL,
  need_id               ${UUID} NOT NULL,
  lot_id                ${UUID} NOT NULL,
  handover_id           ${UUID} NOT NULL,
  receiver_id           ${UUID} NOT NULL,
  receiver_household_id ${UUID} NOT NULL,
  giver_id              ${UUID} NOT NULL,
  giver_household_id    ${UUID} NOT NULL,
  item_id               text NOT NULL,
  quantity              integer NOT NULL CHECK (quantity > 0),
  substitute            boolean NOT NULL DEFAULT false,
  state                 text NOT NULL CHECK (state IN ('proposed','agreed','moving','ready','given','returned','declined','cancelled','lapsed','refused')),
  reasons               ${JSON} NOT NULL,
  policy_version        text NOT NULL,
  catalogue_version     text NOT NULL,
  end_reason            text NOT NULL DEFAULT '',
  due_at                ${TS},
  version               integer NOT NULL,
  created_at            ${TS} NOT NULL,
  closed_at             ${TS},
  CHECK (receiver_household_id <> giver_household_id));
CREATE INDEX matches_by_need ON matches (need_id);
CREATE INDEX matches_by_lot ON matches (lot_id);
CREATE INDEX matches_by_handover ON matches (handover_id);
CREATE INDEX matches_by_grid ON matches (grid_id, created_at);
CREATE INDEX matches_due ON matches (due_at) WHERE state IN ('proposed','agreed') AND due_at IS NOT NULL;
-- What was given today is counted for every grid that is looked at.
CREATE INDEX matches_given ON matches (closed_at) WHERE state = 'given';
CREATE UNIQUE INDEX matches_one_live ON matches (need_id, lot_id) WHERE state IN ('proposed','agreed','moving','ready');

CREATE TABLE events (
  grid_id    ${UUID} NOT NULL,
  seq        bigint NOT NULL,
  id         ${UUID} NOT NULL,
  kind       text NOT NULL,
  thing      text NOT NULL,
  thing_id   ${UUID} NOT NULL,
  version    integer NOT NULL,
  state      text NOT NULL,
  quantities ${JSON} NOT NULL,
  audience   ${JSON} NOT NULL,
  at         ${TS} NOT NULL,
  PRIMARY KEY (grid_id, seq));
CREATE INDEX events_by_thing ON events (thing_id);

CREATE TABLE idempotency_keys (
  id         ${UUID} PRIMARY KEY,
  person_id  ${UUID} NOT NULL,
  route      text NOT NULL,
  key        text NOT NULL,
  hash       text NOT NULL,
  result     ${BYTES} NOT NULL,
  created_at ${TS} NOT NULL,
  UNIQUE (person_id, route, key)) ${WHOLE};
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE audits (
  grid_id   ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  seq       bigint NOT NULL,
  actor_id  ${UUID} NOT NULL,
  action    text NOT NULL,
  thing     text NOT NULL,
  thing_id  ${UUID} NOT NULL,
  reason    text NOT NULL DEFAULT '',
  at        ${TS} NOT NULL,
  prev_hash ${BYTES} NOT NULL,
  hash      ${BYTES} NOT NULL,
  PRIMARY KEY (grid_id, seq));

-- +goose Down
DROP TABLE audits;
DROP TABLE idempotency_keys;
DROP TABLE events;
DROP TABLE matches;
DROP TABLE handovers;
DROP TABLE lots;
DROP TABLE offers;
DROP TABLE needs;
DROP TABLE requests;
DROP TABLE consents;
DROP TABLE relay_points;
DROP TABLE credentials;
DROP TABLE roles;
DROP TABLE people;
DROP TABLE households;
DROP TABLE grid_seq;
DROP TABLE grids;
DROP TABLE meta;

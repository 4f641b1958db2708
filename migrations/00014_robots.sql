-- +goose Up

-- A robot speaks in one group chat for one or more grids. It signs in as a
-- person of its own, who has no home and no role.
CREATE TABLE robots (
  id             ${UUID} PRIMARY KEY,
  person_id      ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  name           text NOT NULL,
  platform       text NOT NULL,
  settings       ${BYTES},
  state          text NOT NULL CHECK (state IN ('on','paused','removed')),
  gather_minutes integer NOT NULL CHECK (gather_minutes BETWEEN 5 AND 1440),
  digest_hour    integer NOT NULL CHECK (digest_hour BETWEEN 0 AND 24),
  digest_at      ${TS},
  next_at        ${TS} NOT NULL,
  fence          bigint NOT NULL DEFAULT 0,
  leased_until   ${TS},
  failures       integer NOT NULL DEFAULT 0,
  failure        text NOT NULL DEFAULT '',
  failed_at      ${TS},
  sent_at        ${TS},
  created_by     ${UUID} NOT NULL,
  created_at     ${TS} NOT NULL,
  version        integer NOT NULL);
CREATE UNIQUE INDEX robots_by_person ON robots (person_id);

CREATE TABLE robot_grids (
  robot_id  ${UUID} NOT NULL REFERENCES robots(id) ON DELETE RESTRICT,
  grid_id   ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  grid_path text NOT NULL,
  PRIMARY KEY (robot_id, grid_id));

-- How far a robot has read the events of each micro-grid at or below its grids.
CREATE TABLE robot_cursors (
  robot_id ${UUID} NOT NULL REFERENCES robots(id) ON DELETE RESTRICT,
  grid_id  ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  seq      bigint NOT NULL,
  PRIMARY KEY (robot_id, grid_id)) ${UPDATED};

-- What a group has been told, or is about to be told, of a need.
CREATE TABLE tellings (
  robot_id ${UUID} NOT NULL REFERENCES robots(id) ON DELETE RESTRICT,
  need_id  ${UUID} NOT NULL,
  grid_id  ${UUID} NOT NULL,
  state    text NOT NULL CHECK (state IN ('waiting','told','ending','over')),
  urgent   boolean NOT NULL,
  due_at   ${TS},
  told_at  ${TS},
  at       ${TS} NOT NULL,
  PRIMARY KEY (robot_id, need_id));
CREATE INDEX tellings_due ON tellings (due_at) WHERE due_at IS NOT NULL;

-- One message on its way to a group. The fence is the number under which it
-- was taken last.
CREATE TABLE deliveries (
  id         ${UUID} PRIMARY KEY,
  robot_id   ${UUID} NOT NULL REFERENCES robots(id) ON DELETE RESTRICT,
  kind       text NOT NULL CHECK (kind IN ('urgent','open','met','digest','test')),
  card       ${JSON} NOT NULL,
  rank       integer NOT NULL,
  due_at     ${TS} NOT NULL,
  tries      integer NOT NULL,
  state      text NOT NULL CHECK (state IN ('queued','sent','dead','dropped')),
  fence      bigint NOT NULL,
  failure    text NOT NULL DEFAULT '',
  created_at ${TS} NOT NULL,
  tried_at   ${TS},
  closed_at  ${TS});
CREATE INDEX deliveries_queue ON deliveries (robot_id, rank, id) WHERE state = 'queued';
CREATE INDEX deliveries_dead ON deliveries (robot_id, created_at) WHERE state = 'dead';
CREATE INDEX deliveries_closed ON deliveries (closed_at) WHERE closed_at IS NOT NULL;

-- A message of a platform is processed once, whatever the platform redelivers.
CREATE TABLE inbound_messages (
  id         ${UUID} PRIMARY KEY,
  robot_id   ${UUID} NOT NULL REFERENCES robots(id) ON DELETE RESTRICT,
  message_id text NOT NULL,
  state      text NOT NULL CHECK (state IN ('taken','done')),
  taken_at   ${TS} NOT NULL,
  answer     ${BYTES},
  created_at ${TS} NOT NULL);
CREATE UNIQUE INDEX inbound_once ON inbound_messages (robot_id, message_id);
CREATE INDEX inbound_old ON inbound_messages (created_at);

-- Who in a group is whom: the sender's name on the platform only as a keyed hash.
CREATE TABLE robot_members (
  robot_id   ${UUID} NOT NULL REFERENCES robots(id) ON DELETE RESTRICT,
  sender     ${BYTES} NOT NULL,
  person_id  ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  created_at ${TS} NOT NULL,
  PRIMARY KEY (robot_id, sender));
CREATE INDEX robot_members_by_person ON robot_members (person_id);

-- A code that somebody who is signed in writes to a robot, once.
CREATE TABLE pairings (
  person_id  ${UUID} NOT NULL REFERENCES people(id) ON DELETE RESTRICT,
  hash       ${BYTES} PRIMARY KEY,
  expires_at ${TS} NOT NULL,
  used_at    ${TS});
CREATE INDEX pairings_by_person ON pairings (person_id);

-- +goose Down
DROP TABLE pairings;
DROP TABLE robot_members;
DROP TABLE inbound_messages;
DROP TABLE deliveries;
DROP TABLE tellings;
DROP TABLE robot_cursors;
DROP TABLE robot_grids;
DROP TABLE robots;

-- +goose Up

-- 给一整袋: an offer without a list; it has the id of its offer.
CREATE TABLE bags (
  id            ${UUID} PRIMARY KEY,
  grid_id       ${UUID} NOT NULL,
  relay_id      ${UUID} NOT NULL,
  relay_grid_id ${UUID} NOT NULL,
  person_id     ${UUID} NOT NULL,
  household_id  ${UUID} NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting','open','done','cancelled','lapsed')),
  taken         integer NOT NULL CHECK (taken >= 0),
  refused       integer NOT NULL CHECK (refused >= 0),
  opened_by     ${UUID},
  opened_at     ${TS},
  due_at        ${TS},
  version       integer NOT NULL,
  created_at    ${TS} NOT NULL,
  closed_at     ${TS});
CREATE INDEX bags_at ON bags (relay_id) WHERE state IN ('waiting','open');
CREATE INDEX bags_due ON bags (due_at) WHERE state = 'waiting';

-- An item and batch that nobody may give any more, at or below a node.
CREATE TABLE recalls (
  id         ${UUID} PRIMARY KEY,
  grid_id    ${UUID} NOT NULL,
  path       text NOT NULL,
  item_id    text NOT NULL,
  batch      text NOT NULL,
  batch_key  text NOT NULL,
  reason     ${BYTES},
  person_id  ${UUID} NOT NULL,
  state      text NOT NULL CHECK (state IN ('running','done')),
  created_at ${TS} NOT NULL,
  done_at    ${TS});
CREATE UNIQUE INDEX recalls_once ON recalls (path, item_id, batch_key);
CREATE INDEX recalls_running ON recalls (created_at) WHERE state = 'running';
CREATE INDEX lots_batch ON lots (item_id) WHERE batch <> '';

-- What was given of a recalled batch, until it is fetched back.
CREATE TABLE collections (
  id           ${UUID} PRIMARY KEY,
  recall_id    ${UUID} NOT NULL,
  grid_id      ${UUID} NOT NULL,
  lot_id       ${UUID} NOT NULL,
  match_id     ${UUID} NOT NULL UNIQUE,
  household_id ${UUID} NOT NULL,
  person_id    ${UUID} NOT NULL,
  item_id      text NOT NULL,
  units        integer NOT NULL CHECK (units > 0),
  got          integer NOT NULL CHECK (got BETWEEN 0 AND units),
  state        text NOT NULL CHECK (state IN ('asked','collected')),
  closed_by    ${UUID},
  version      integer NOT NULL,
  created_at   ${TS} NOT NULL,
  closed_at    ${TS});
CREATE INDEX collections_by_recall ON collections (recall_id);
CREATE INDEX collections_by_lot ON collections (lot_id);
CREATE INDEX collections_open ON collections (grid_id) WHERE state = 'asked';

-- Somebody counted what lies in a box.
CREATE TABLE stock_takes (
  id         ${UUID} PRIMARY KEY,
  grid_id    ${UUID} NOT NULL,
  relay_id   ${UUID} NOT NULL,
  person_id  ${UUID} NOT NULL,
  counted    integer NOT NULL,
  lines      ${JSON} NOT NULL,
  created_at ${TS} NOT NULL);
CREATE INDEX stock_takes_at ON stock_takes (relay_id, created_at);

-- What nobody may use went to a pharmacy or health centre, against a receipt.
CREATE TABLE recoveries (
  id         ${UUID} PRIMARY KEY,
  grid_id    ${UUID} NOT NULL,
  relay_id   ${UUID} NOT NULL,
  person_id  ${UUID} NOT NULL,
  place      text NOT NULL,
  receipt    text NOT NULL,
  created_at ${TS} NOT NULL);
CREATE INDEX recoveries_at ON recoveries (relay_id, created_at);

-- What a hand holds now, and what a receipt took.
CREATE INDEX custody_to ON custody (to_id);
CREATE INDEX custody_from ON custody (from_id);

-- Something lies free in a box since then: the needs of every grid that it serves
-- are looked at by the next sweep.
CREATE TABLE box_news (
  relay_id ${UUID} NOT NULL,
  item_id  text NOT NULL,
  mark     ${UUID} NOT NULL,
  at       ${TS} NOT NULL,
  PRIMARY KEY (relay_id, item_id));

-- +goose Down
DROP TABLE box_news;
DROP INDEX custody_from;
DROP INDEX custody_to;
DROP TABLE recoveries;
DROP TABLE stock_takes;
DROP TABLE collections;
DROP INDEX lots_batch;
DROP TABLE recalls;
DROP TABLE bags;

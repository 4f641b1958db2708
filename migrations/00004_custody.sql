-- +goose Up

-- So many units of a lot went from one hand to another. What was in hands before
-- this is told from where it lies now.
CREATE TABLE custody (
  id        ${UUID} PRIMARY KEY,
  grid_id   ${UUID} NOT NULL,
  lot_id    ${UUID} NOT NULL,
  match_id  ${UUID},
  units     integer NOT NULL CHECK (units > 0),
  from_kind text NOT NULL,
  from_id   ${UUID} NOT NULL,
  to_kind   text NOT NULL,
  to_id     ${UUID} NOT NULL,
  why       text NOT NULL,
  by        ${UUID},
  at        ${TS} NOT NULL);
CREATE INDEX custody_by_lot ON custody (lot_id, at);
INSERT INTO custody SELECT id, grid_id, id, NULL, offered - CASE WHEN close_reason = 'short' THEN withdrawn ELSE 0 END,
  'home', household_id, 'box', COALESCE(relay_id, grid_id), 'hand_in', checked_by, COALESCE(checked_at, created_at)
  FROM lots WHERE place = 'box' AND offered > CASE WHEN close_reason = 'short' THEN withdrawn ELSE 0 END;
INSERT INTO custody SELECT m.id, l.grid_id, l.id, m.id, m.quantity, 'box', COALESCE(l.relay_id, l.grid_id), 'home', m.receiver_household_id,
  'give', h.closed_by, COALESCE(m.closed_at, m.created_at)
  FROM matches m JOIN lots l ON l.id = m.lot_id JOIN handovers h ON h.id = m.handover_id WHERE m.state = 'given' AND l.place = 'box';

-- How a handover reaches the receiver, who has it meanwhile, who collects it, and
-- by what it was closed.
ALTER TABLE handovers ADD COLUMN way text NOT NULL DEFAULT 'relay' CHECK (way IN ('relay','door','leave'));
ALTER TABLE handovers ADD COLUMN carrier_id ${UUID};
ALTER TABLE handovers ADD COLUMN collector ${BYTES};
ALTER TABLE handovers ADD COLUMN remind_at ${TS};
ALTER TABLE handovers ADD COLUMN reminded integer NOT NULL DEFAULT 0;
ALTER TABLE handovers ADD COLUMN closed_how text NOT NULL DEFAULT '';
ALTER TABLE handovers ADD COLUMN closed_why ${BYTES};
ALTER TABLE handovers ADD COLUMN sample text NOT NULL DEFAULT '' CHECK (sample IN ('','waits','right','wrong'));
ALTER TABLE handovers ADD COLUMN sampled_by ${UUID};
ALTER TABLE handovers ADD COLUMN twice_at ${TS};
ALTER TABLE handovers ADD COLUMN twice_by ${UUID};
CREATE INDEX handovers_remind ON handovers (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX handovers_sample ON handovers (grid_id) WHERE sample = 'waits';

-- A post may ask to have it left at the door. SQLite cannot change a check, so the
-- tables are made anew.
CREATE TABLE requests_new (
  id           ${UUID} PRIMARY KEY,
  grid_id      ${UUID} NOT NULL,
  household_id ${UUID} NOT NULL,
  person_id    ${UUID} NOT NULL,
  posted_by    ${UUID} NOT NULL,
  way          text NOT NULL CHECK (way IN ('relay','door','leave')),
  private      boolean NOT NULL,
  note         ${BYTES},
  created_at   ${TS} NOT NULL);
INSERT INTO requests_new SELECT id, grid_id, household_id, person_id, posted_by, way, private, note, created_at FROM requests;
DROP TABLE requests;
ALTER TABLE requests_new RENAME TO requests;
CREATE INDEX requests_by_person ON requests (person_id, id);

-- A lot may be with whoever fetched it.
CREATE TABLE lots_new (
  id            ${UUID} PRIMARY KEY,
  offer_id      ${UUID} NOT NULL,
  parent_id     ${UUID},
  ask_id        ${UUID},
  grid_id       ${UUID} NOT NULL,
  giver_grid_id ${UUID} NOT NULL,
  household_id  ${UUID} NOT NULL,
  person_id     ${UUID} NOT NULL,
  item_id       text NOT NULL,
  strength      text NOT NULL DEFAULT '',
  form          text NOT NULL DEFAULT '',
  pack_size     integer NOT NULL DEFAULT 0,
  batch         text NOT NULL DEFAULT '',
  expires_on    text NOT NULL DEFAULT '',
  seal          text NOT NULL,
  kind          text NOT NULL,
  lend_days     integer NOT NULL DEFAULT 0,
  way           text NOT NULL,
  offered       integer NOT NULL CHECK (offered BETWEEN 0 AND 1000),
  remaining     integer NOT NULL,
  reserved      integer NOT NULL,
  lent          integer NOT NULL,
  given         integer NOT NULL,
  withdrawn     integer NOT NULL,
  expired       integer NOT NULL,
  state         text NOT NULL CHECK (state IN ('offered','taken','closed')),
  close_reason  text NOT NULL DEFAULT '',
  place         text NOT NULL CHECK (place IN ('home','carrier','box')),
  carrier_id    ${UUID},
  relay_id      ${UUID},
  checked_at    ${TS},
  checked_by    ${UUID},
  due_at        ${TS},
  version       integer NOT NULL,
  created_at    ${TS} NOT NULL,
  -- Few checks, because each is compiled anew for every reservation: what never
  -- changes is checked where it comes in, and six numbers at once: together their
  -- bits hold a sign if one of them does.
  CHECK ((remaining | reserved | lent | given | withdrawn | expired) >= 0
    AND remaining + reserved + lent + given + withdrawn + expired = offered)) ${UPDATED};
INSERT INTO lots_new (id, offer_id, parent_id, ask_id, grid_id, giver_grid_id, household_id, person_id, item_id, strength, form, pack_size, batch, expires_on,
  seal, kind, way, offered, remaining, reserved, lent, given, withdrawn, expired, state, close_reason, place, relay_id, checked_at, checked_by,
  due_at, version, created_at)
  SELECT id, offer_id, parent_id, ask_id, grid_id, COALESCE((SELECT o.grid_id FROM offers o WHERE o.id = lots.offer_id), grid_id), household_id, person_id, item_id, strength, form, pack_size, batch, expires_on,
  seal, kind, way, offered, remaining, reserved, lent, given, withdrawn, expired, state, close_reason, place, relay_id, checked_at, checked_by,
  due_at, version, created_at FROM lots;
DROP TABLE lots;
ALTER TABLE lots_new RENAME TO lots;
CREATE INDEX lots_by_offer ON lots (offer_id);
CREATE INDEX lots_by_person ON lots (person_id, id);
CREATE INDEX lots_free ON lots (grid_id, item_id) WHERE state = 'offered';
CREATE INDEX lots_due ON lots (due_at) WHERE state = 'offered' AND due_at IS NOT NULL;
CREATE INDEX lots_box ON lots (relay_id, expires_on) WHERE place = 'box' AND state <> 'closed';

-- +goose Down
DROP INDEX lots_box;
UPDATE lots SET place = 'home' WHERE place = 'carrier';
ALTER TABLE lots DROP COLUMN giver_grid_id;
ALTER TABLE lots DROP COLUMN carrier_id;
ALTER TABLE lots DROP COLUMN lend_days;
UPDATE requests SET way = 'door' WHERE way = 'leave';
DROP INDEX handovers_sample;
DROP INDEX handovers_remind;
ALTER TABLE handovers DROP COLUMN twice_by;
ALTER TABLE handovers DROP COLUMN twice_at;
ALTER TABLE handovers DROP COLUMN sampled_by;
ALTER TABLE handovers DROP COLUMN sample;
ALTER TABLE handovers DROP COLUMN closed_why;
ALTER TABLE handovers DROP COLUMN closed_how;
ALTER TABLE handovers DROP COLUMN reminded;
ALTER TABLE handovers DROP COLUMN remind_at;
ALTER TABLE handovers DROP COLUMN collector;
ALTER TABLE handovers DROP COLUMN carrier_id;
ALTER TABLE handovers DROP COLUMN way;
DROP TABLE custody;

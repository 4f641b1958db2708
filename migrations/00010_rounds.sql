-- +goose Up

-- The order in which a worker or a volunteer walks.
CREATE TABLE rounds (
  id             ${UUID} PRIMARY KEY,
  grid_id        ${UUID} NOT NULL REFERENCES grids(id) ON DELETE RESTRICT,
  person_id      ${UUID} NOT NULL,
  planned_by     ${UUID} NOT NULL,
  day            text NOT NULL,
  start_at       ${TS} NOT NULL,
  start_kind     text NOT NULL CHECK (start_kind IN ('relay','home','here')),
  start_relay_id ${UUID},
  start_lat      double precision NOT NULL,
  start_lon      double precision NOT NULL,
  end_kind       text NOT NULL CHECK (end_kind IN ('relay','home','here','anywhere')),
  end_relay_id   ${UUID},
  end_lat        double precision NOT NULL,
  end_lon        double precision NOT NULL,
  state          text NOT NULL CHECK (state IN ('planned','out','done','cancelled')),
  accepted_at    ${TS},
  metres         integer NOT NULL CHECK (metres >= 0),
  exact          boolean NOT NULL,
  due_at         ${TS},
  version        integer NOT NULL,
  created_at     ${TS} NOT NULL,
  closed_at      ${TS});
-- Nobody walks two at once.
CREATE UNIQUE INDEX rounds_one_out ON rounds (person_id) WHERE state = 'out';
CREATE INDEX rounds_by_grid ON rounds (grid_id, day);
CREATE INDEX rounds_by_person ON rounds (person_id, day);
CREATE INDEX rounds_due ON rounds (due_at) WHERE state = 'planned' AND due_at IS NOT NULL;

CREATE TABLE round_stops (
  id           ${UUID} PRIMARY KEY,
  round_id     ${UUID} NOT NULL,
  position     integer NOT NULL CHECK (position >= 1),
  kind         text NOT NULL CHECK (kind IN ('take','fetch','drop','bring','visit')),
  grid_id      ${UUID} NOT NULL,
  relay_id     ${UUID},
  household_id ${UUID},
  lot_id       ${UUID},
  handover_id  ${UUID},
  reason       text NOT NULL DEFAULT '',
  lat          double precision NOT NULL,
  lon          double precision NOT NULL,
  arrival      ${TS} NOT NULL,
  opens_at     ${TS},
  last_at      ${TS},
  state        text NOT NULL CHECK (state IN ('open','done','failed','later')),
  at           ${TS},
  why          text NOT NULL DEFAULT '',
  tries        integer NOT NULL DEFAULT 0,
  door_read_at ${TS});
CREATE INDEX round_stops_by_round ON round_stops (round_id, position);
-- Nothing is brought or fetched by two rounds.
CREATE UNIQUE INDEX round_stops_one_bring ON round_stops (handover_id) WHERE state = 'open' AND handover_id IS NOT NULL;
CREATE UNIQUE INDEX round_stops_one_fetch ON round_stops (lot_id) WHERE state = 'open' AND lot_id IS NOT NULL;

-- +goose Down
DROP TABLE round_stops;
DROP TABLE rounds;

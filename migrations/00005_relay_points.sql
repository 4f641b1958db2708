-- +goose Up

-- Days that are not like the week, and why a point is paused.
ALTER TABLE relay_points ADD COLUMN exceptions ${JSON} NOT NULL DEFAULT '[]';
ALTER TABLE relay_points ADD COLUMN pause_reason text NOT NULL DEFAULT '';

-- Whose waiting hand-overs have to go elsewhere.
CREATE INDEX relay_points_paused ON relay_points (id) WHERE state = 'paused';

-- Who may be its deputy.
CREATE INDEX roles_staff ON roles (grid_path) WHERE kind <> 'resident' AND revoked_at IS NULL;

-- What waits at a point, and how much is on the way there.
CREATE INDEX handovers_at ON handovers (relay_id, state) WHERE state IN ('awaiting','checking','ready','out');

-- What a city knows better than the map: the walk from a building or a relay
-- point to another.
CREATE TABLE paths (
  from_key text NOT NULL,
  to_key   text NOT NULL,
  metres   integer NOT NULL CHECK (metres >= 0),
  PRIMARY KEY (from_key, to_key));
CREATE INDEX paths_by_to ON paths (to_key);

-- +goose Down
DROP TABLE paths;
DROP INDEX handovers_at;
DROP INDEX roles_staff;
DROP INDEX relay_points_paused;
ALTER TABLE relay_points DROP COLUMN pause_reason;
ALTER TABLE relay_points DROP COLUMN exceptions;

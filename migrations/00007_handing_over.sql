-- +goose Up

-- How it reaches the asker is known with the need, where its match is made.
ALTER TABLE needs ADD COLUMN way text NOT NULL DEFAULT 'relay';
UPDATE needs SET way = (SELECT way FROM requests WHERE requests.id = needs.request_id)
  WHERE EXISTS (SELECT 1 FROM requests WHERE requests.id = needs.request_id);

-- What the leader says of a handover that was closed without a code.
ALTER TABLE handovers ADD COLUMN sample_note ${BYTES};

-- A code that was used again without a net counts as a loss for a week.
CREATE INDEX handovers_twice ON handovers (grid_id, twice_at) WHERE twice_at IS NOT NULL;

-- +goose Down
DROP INDEX handovers_twice;
ALTER TABLE handovers DROP COLUMN sample_note;
ALTER TABLE needs DROP COLUMN way;

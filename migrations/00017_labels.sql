-- +goose Up

-- Since when a worker has seen a piece with its label, or as a whole pack that
-- needs none; null: it has to be cut and labelled before it leaves the box.
ALTER TABLE matches ADD COLUMN labelled_at ${TS};

-- +goose Down
ALTER TABLE matches DROP COLUMN labelled_at;

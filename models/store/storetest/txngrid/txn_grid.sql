-- txn_grid: the whole exchange as a careful client writes it, statement by
-- statement, eleven trips. It is the reference that the lane is measured by.
\set grid random(1, 4400)
\set class random(1, 4)
\set units random(1, 3)
\set request random(1, 9000000000000000000)
\set need random(1, 9000000000000000000)
\set match random(1, 9000000000000000000)
\set event1 random(1, 9000000000000000000)
\set event2 random(1, 9000000000000000000)
BEGIN;
SELECT seq FROM counters WHERE grid_id = :grid FOR UPDATE \gset
SELECT id AS lot FROM lots WHERE grid_id = :grid AND class = :class AND remaining >= :units ORDER BY expires_on, id LIMIT 1 \gset
INSERT INTO requests (id, grid_id, household, state, made_at) VALUES (:request, :grid, 7, 'open', now());
INSERT INTO needs (id, request_id, grid_id, class, requested, matched, urgency, state, due_at, version) VALUES (:need, :request, :grid, :class, :units, :units, 'soon', 'matched', now(), 1);
UPDATE lots SET remaining = remaining - :units, reserved = reserved + :units, version = version + 1 WHERE id = :lot AND remaining >= :units;
INSERT INTO matches (id, need_id, lot_id, grid_id, units, state, due_at, version) VALUES (:match, :need, :lot, :grid, :units, 'agreed', now(), 1);
INSERT INTO events (grid_id, seq, id, kind, thing, version, state, data, made_at) VALUES (:grid, :seq + 1, :event1, 'need.matched', :need, 1, 'matched', '{"units":1}', now());
INSERT INTO events (grid_id, seq, id, kind, thing, version, state, data, made_at) VALUES (:grid, :seq + 2, :event2, 'match.agreed', :match, 1, 'agreed', '{"units":1}', now());
UPDATE counters SET seq = :seq + 2 WHERE grid_id = :grid AND seq = :seq;
COMMIT;

-- +goose Up

-- A worker's words to a grid and all below; of a call, what it collects. It is
-- written under the lock of its own grid, of whatever level, and no exchange
-- locks that: what answers a call is counted from the lots, here and in no
-- grid above them.
CREATE TABLE notices (
  id          ${UUID} PRIMARY KEY,
  grid_id     ${UUID} NOT NULL,
  sent_by     ${UUID} NOT NULL,
  text        ${BYTES},
  item_id     text NOT NULL DEFAULT '',
  wanted      integer NOT NULL DEFAULT 0 CHECK (wanted >= 0),
  got         integer NOT NULL DEFAULT 0 CHECK (got >= 0),
  relay_id    ${UUID},
  corrections integer NOT NULL DEFAULT 0 CHECK (corrections >= 0),
  state       text NOT NULL CHECK (state IN ('open','full','closed','over','withdrawn')),
  created_at  ${TS} NOT NULL,
  due_at      ${TS} NOT NULL,
  closed_at   ${TS},
  version     integer NOT NULL);
CREATE INDEX notices_by_grid ON notices (grid_id, created_at);
CREATE INDEX notices_by_sender ON notices (sent_by, created_at);
CREATE INDEX notices_due ON notices (due_at) WHERE state IN ('open','full','closed');
CREATE INDEX notices_calling ON notices (id) WHERE item_id <> '' AND state IN ('open','full');

-- Which call a lot answers.
ALTER TABLE lots ADD COLUMN call_id ${UUID};
CREATE INDEX lots_by_call ON lots (call_id) WHERE call_id IS NOT NULL;

-- +goose Down
DROP INDEX lots_by_call;
ALTER TABLE lots DROP COLUMN call_id;
DROP TABLE notices;

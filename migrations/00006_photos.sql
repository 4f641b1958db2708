-- +goose Up

-- A picture of a lot or of a handover. The picture comes last: a list of what there
-- is does not read past it.
CREATE TABLE photos (
  id         ${UUID} PRIMARY KEY,
  thing      text NOT NULL CHECK (thing IN ('lot','handover')),
  thing_id   ${UUID} NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('pack','leaflet','bag')),
  person_id  ${UUID} NOT NULL,
  width      integer NOT NULL CHECK (width > 0),
  height     integer NOT NULL CHECK (height > 0),
  bytes      integer NOT NULL CHECK (bytes BETWEEN 1 AND 300000),
  created_at ${TS} NOT NULL,
  gone_at    ${TS},
  image      ${BYTES} NOT NULL,
  CHECK ((thing = 'handover') = (kind = 'bag')));
CREATE INDEX photos_by_thing ON photos (thing_id, kind);
CREATE INDEX photos_by_person ON photos (person_id);
CREATE INDEX photos_kept ON photos (thing, thing_id, id) WHERE gone_at IS NULL;
CREATE INDEX photos_gone ON photos (gone_at) WHERE gone_at IS NOT NULL;

-- +goose Down
DROP TABLE photos;

-- +goose Up

-- Which process does a job that only one may do at a time. The number grows
-- with each new holder, so that who was replaced can be told apart.
CREATE TABLE leases (
  name   text PRIMARY KEY,
  holder text NOT NULL,
  fence  bigint NOT NULL CHECK (fence > 0),
  until  ${TS} NOT NULL);

-- +goose Down
DROP TABLE leases;

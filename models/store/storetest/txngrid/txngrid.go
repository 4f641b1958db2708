// Package txngrid is the reference that speed is measured by: one whole
// exchange in a micro-grid as a careful client writes it, statement by
// statement, eleven trips (txn_grid.sql), run by pgbench.
//
// An empty database flows in; its tables and load, and a side for a measured
// pair, flow out. It is never part of the program.
package txngrid

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"linli/models/store/storetest/pgtemp"
	"linli/models/store/storetest/ratio"
)

//go:embed txn_grid.sql
var txnGrid []byte

// The size of the load.
const (
	Grids   = 4400
	Classes = 4
	Lots    = 200_000
	Needs   = 22_000
)

// tables is the schema and the load for both databases; {n} is a source of the
// numbers from 1 to n.
const tables = `
CREATE TABLE counters (grid_id bigint PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE lots (id bigint PRIMARY KEY, grid_id bigint NOT NULL, class bigint NOT NULL, batch text NOT NULL,
  strength text NOT NULL, expires_on {time} NOT NULL, offered bigint NOT NULL, remaining bigint NOT NULL,
  reserved bigint NOT NULL, version bigint NOT NULL);
CREATE INDEX lots_by_class ON lots (grid_id, class, expires_on);
CREATE TABLE requests (id bigint PRIMARY KEY, grid_id bigint NOT NULL, household bigint NOT NULL, state text NOT NULL, made_at {time} NOT NULL);
CREATE TABLE needs (id bigint PRIMARY KEY, request_id bigint NOT NULL REFERENCES requests(id), grid_id bigint NOT NULL,
  class bigint NOT NULL, requested bigint NOT NULL, matched bigint NOT NULL, urgency text NOT NULL, state text NOT NULL,
  due_at {time} NOT NULL, version bigint NOT NULL);
CREATE INDEX needs_open ON needs (grid_id, class) WHERE state = 'open';
CREATE TABLE matches (id bigint PRIMARY KEY, need_id bigint NOT NULL REFERENCES needs(id), lot_id bigint NOT NULL REFERENCES lots(id),
  grid_id bigint NOT NULL, units bigint NOT NULL, state text NOT NULL, due_at {time} NOT NULL, version bigint NOT NULL);
CREATE TABLE events (grid_id bigint NOT NULL, seq bigint NOT NULL, id bigint NOT NULL, kind text NOT NULL, thing bigint NOT NULL,
  version bigint NOT NULL, state text NOT NULL, data {json} NOT NULL, made_at {time} NOT NULL, PRIMARY KEY (grid_id, seq));
INSERT INTO counters SELECT n, 0 FROM {4400};
INSERT INTO lots SELECT n, n % 4400 + 1, n / 4400 % 4 + 1, 'B' || n, '0.5 g', {day}, 1000000, 1000000, 0, 1 FROM {200000};
INSERT INTO requests SELECT n, n % 4400 + 1, 7, 'open', {day} FROM {22000};
INSERT INTO needs SELECT n, n, n % 4400 + 1, n / 4400 % 4 + 1, 3, 0, 'soon', 'open', {day}, 1 FROM {22000}`

// Postgres and SQLite are what the databases call the types and numbers.
var (
	Postgres = map[string]string{
		"time": "timestamptz", "json": "jsonb", "numbers": "generate_series(1, %d) AS n",
		"day": "timestamptz '2027-01-01' + n % 1000 * interval '1 day'",
	}
	SQLite = map[string]string{
		"time": "datetime", "json": "text",
		"numbers": "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < %d) SELECT n FROM r)",
		"day":     "datetime('2027-01-01', '+' || (n % 1000) || ' days') || '+00:00'",
	}
)

// Load makes and fills the tables of a dialect, statement by statement.
func Load(words map[string]string, exec func(statement string) error) error {
	text := tables
	for _, n := range []int{Grids, Lots, Needs} {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", n), fmt.Sprintf(words["numbers"], n))
	}
	for word, means := range words {
		text = strings.ReplaceAll(text, "{"+word+"}", means)
	}
	for statement := range strings.SplitSeq(text, ";\n") {
		if err := exec(statement); err != nil {
			return fmt.Errorf("%w in %s", err, statement)
		}
	}
	return nil
}

// Script is pgbench with txn_grid; Close removes its file.
type Script struct{ pgbench, url, path string }

// NewScript writes the script for the database at url.
func NewScript(url string) (Script, error) {
	pgbench, err := pgtemp.Binary("pgbench")
	if err != nil {
		return Script{}, err
	}
	path := filepath.Join(os.TempDir(), fmt.Sprintf("txn_grid-%d.sql", os.Getpid()))
	return Script{pgbench, url, path}, os.WriteFile(path, txnGrid, 0o600)
}

// Close removes the file.
func (s Script) Close() error { return os.Remove(s.path) }

var tps = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// Clients is the reference with n clients.
func (s Script) Clients(n int) ratio.Side {
	return func(d time.Duration) (ratio.Figures, error) {
		cmd := exec.Command(s.pgbench, "-n", "-M", "prepared", "-c", strconv.Itoa(n), "-j", "2",
			"-T", strconv.Itoa(int(d.Seconds())), "-f", s.path, s.url)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		found := tps.FindSubmatch(out)
		if err != nil || found == nil {
			return ratio.Figures{}, fmt.Errorf("pgbench: %w\n%s%s", err, out, &complaint)
		}
		perSecond, err := strconv.ParseFloat(string(found[1]), 64)
		return ratio.Figures{PerSecond: perSecond}, err
	}
}

package store

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"linli/models/fault"
)

// archiveFormat is the first line's mark; another number is another format.
const archiveFormat = "linli-archive-1"

// archived are the tables in the order in which they may be filled again.
// Tickets and sessions are among the credentials, as hashes.
var archived = []string{"meta", "grids", "grid_seq", "households", "people", "roles", "credentials", "relay_points", "paths",
	"consents", "requests", "needs", "windows", "widenings", "asks", "reviews", "messages", "offers", "bags", "lots", "handovers", "matches", "loans",
	"custody", "rounds", "round_stops", "recalls", "collections",
	"stock_takes", "recoveries", "box_news", "photos", "pasted_messages", "events", "idempotency_keys", "audits"}

// ArchiveHead is the first line of an archive.
type ArchiveHead struct {
	Format string    `json:"format"`
	At     time.Time `json:"at"`
	Schema int64     `json:"schema"`
	KeyID  string    `json:"key_id"` // sealed fields need this key; it is not in the archive
	Tables []string  `json:"tables"`
}

// archiveLine is every other line: a table begins, a row follows, the end has
// the checksum of all before it.
type archiveLine struct {
	Table   string   `json:"table,omitempty"`
	Columns []string `json:"columns,omitempty"`
	Kinds   []kind   `json:"kinds,omitempty"`
	Row     []any    `json:"row,omitempty"`
	Rows    int64    `json:"rows,omitempty"`
	SHA256  string   `json:"sha256,omitempty"`
}

// Backup writes one snapshot of everything as gzipped JSON lines, the same for
// both databases; personal fields stay sealed. progress hears of each table.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(table string, rows int64)) error {
	schema, err := s.schemaVersion(ctx)
	if err != nil {
		return err
	}
	zipped := gzip.NewWriter(w)
	sum := sha256.New()
	out := json.NewEncoder(io.MultiWriter(zipped, sum))
	out.SetEscapeHTML(false)
	head := ArchiveHead{Format: archiveFormat, At: s.Now(), Schema: schema, KeyID: s.keys.ID(), Tables: archived}
	if err := out.Encode(head); err != nil {
		return err
	}
	var total int64
	err = s.View(ctx, func(tx *Tx) error {
		for _, table := range archived {
			n, err := tx.backupTable(out, table)
			if err != nil {
				return fmt.Errorf("back up %s: %w", table, err)
			}
			total += n
			progress(table, n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	end := archiveLine{Rows: total, SHA256: hex.EncodeToString(sum.Sum(nil))}
	if err := json.NewEncoder(zipped).Encode(end); err != nil {
		return err
	}
	return zipped.Close()
}

func (tx *Tx) backupTable(out *json.Encoder, table string) (int64, error) {
	query := "SELECT * FROM " + table
	if table == "grids" {
		// A parent is looked for when its child is filled in again; PostgreSQL
		// lists a row that was updated, as the top ones are, after the others.
		query += " ORDER BY length(path)"
	}
	rows, err := tx.db.Raw(query).Rows()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	begin := archiveLine{Table: table}
	for _, t := range types {
		begin.Columns = append(begin.Columns, t.Name())
		begin.Kinds = append(begin.Kinds, kindOf(t.DatabaseTypeName()))
	}
	if err := out.Encode(begin); err != nil {
		return 0, err
	}
	values, targets := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		targets[i] = &values[i]
	}
	var n int64
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return n, err
		}
		row := make([]any, len(values))
		for i, v := range values {
			if row[i], err = begin.Kinds[i].encode(v); err != nil {
				return n, fmt.Errorf("%s: %w", begin.Columns[i], err)
			}
		}
		if err := out.Encode(archiveLine{Row: row}); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// errArchive says why an archive is not restored; nothing has been written.
func errArchive(why string) error { return fault.New(fault.Refused, why) }

// Restore fills an empty, migrated database from an archive in one
// transaction. The archive is read to its end before the first row is written,
// so that a changed byte is called that and not what the database makes of it.
// The epoch is renewed, because cursors of before mean nothing.
func (s *Store) Restore(ctx context.Context, r io.ReadSeeker, epoch string, progress func(table string, rows int64)) error {
	schema, err := s.schemaVersion(ctx)
	if err != nil {
		return err
	}
	in, head, err := openArchive(r)
	if err == nil {
		err = in.each(func(archiveLine) error { return ctx.Err() })
	}
	switch {
	case err != nil:
		return err
	case head.KeyID != s.keys.ID():
		return errArchive("archive_other_key")
	case head.Schema != schema:
		return errArchive("archive_other_schema")
	}
	return s.InTx(ctx, func(tx *Tx) error {
		in, _, err := openArchive(r) // again from its start, should this run again
		if err != nil {
			return err
		}
		var grids int64
		if err := tx.db.Table("grids").Count(&grids).Error; err != nil {
			return err
		}
		if grids > 0 {
			return errArchive("database_not_empty")
		}
		if err := many(tx.db).Exec("DELETE FROM meta").Error; err != nil {
			return err
		}
		if err := tx.restoreAll(in, progress); err != nil {
			return err
		}
		return tx.SetMeta(MetaEpoch, epoch)
	})
}

// Package migrations holds the numbered SQL files and runs them.
//
// One set of files serves both databases: where they differ, in types and in
// how a table is stored, the file says ${NAME} and the runner fills in what the
// database calls it. A connection flows in; the schema's version flows out.
// Nothing here knows what the tables mean.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Fingerprint tells one set of migrations from another, for whoever keeps
// databases that are migrated already.
func Fingerprint() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(path)
		sum.Write(text)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}

// Dialect is the database spoken to.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

var typeNames = map[Dialect]*strings.Replacer{
	// modernc reads a time only from a column declared as one.
	SQLite: strings.NewReplacer("${UUID}", "text", "${TS}", "datetime", "${JSON}", "text", "${BYTES}", "blob", " ${UPDATED}", "", " ${WHOLE}", ""),
	Postgres: strings.NewReplacer("${UUID}", "uuid", "${TS}", "timestamptz", "${JSON}", "jsonb", "${BYTES}", "bytea",
		// Room on each page for the next version of a row that is updated often.
		"${UPDATED}", "WITH (fillfactor = 75)",
		// What is sealed does not compress: to try costs more than the row.
		"${WHOLE}", "WITH (toast_tuple_target = 8160)"),
}

// provider prepares goose over the files with the type names of the dialect.
func provider(db *sql.DB, dialect Dialect) (*goose.Provider, error) {
	translated := translatedFS{FS: files, names: typeNames[dialect]}
	if dialect == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, db, translated)
	}
	// Several processes may start at once: one migrates, the others wait.
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, translated, goose.WithSessionLocker(locker))
}

// translatedFS shows the files with the dialect's type names filled in.
type translatedFS struct {
	fs.FS
	names *strings.Replacer
}

// Open reads the whole file at once: migrations are small.
func (t translatedFS) Open(name string) (fs.File, error) {
	if !strings.HasSuffix(name, ".sql") {
		return t.FS.Open(name)
	}
	text, err := fs.ReadFile(t.FS, name)
	if err != nil {
		return nil, err
	}
	file, err := t.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return translatedFile{File: file, text: strings.NewReader(t.names.Replace(string(text)))}, nil
}

type translatedFile struct {
	fs.File
	text *strings.Reader
}

func (f translatedFile) Read(p []byte) (int, error) { return f.text.Read(p) }

// Up runs what has not run yet and tells the version reached and how many ran.
func Up(ctx context.Context, db *sql.DB, dialect Dialect) (version int64, ran int, err error) {
	p, err := provider(db, dialect)
	if err != nil {
		return 0, 0, err
	}
	results, err := p.Up(ctx)
	if err != nil {
		return 0, 0, err
	}
	version, err = p.GetDBVersion(ctx)
	return version, len(results), err
}

// Down takes back every migration; tests prove with it that each can be undone.
func Down(ctx context.Context, db *sql.DB, dialect Dialect) error {
	p, err := provider(db, dialect)
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, 0)
	return err
}

// Pending reports whether the database lacks a migration of this program.
func Pending(ctx context.Context, db *sql.DB, dialect Dialect) (bool, error) {
	p, err := provider(db, dialect)
	if err != nil {
		return false, err
	}
	return p.HasPending(ctx)
}

// Version is the number of the last migration that ran; 0 for none.
func Version(ctx context.Context, db *sql.DB, dialect Dialect) (int64, error) {
	p, err := provider(db, dialect)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

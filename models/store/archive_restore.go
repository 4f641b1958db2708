package store

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// batchRows and batchBytes bound one statement: rows of a few hundred bytes go in
// together, photos a few at a time.
const (
	batchRows  = 200
	batchBytes = 4 << 20
)

// restoreAll fills the tables line by line, many rows a statement.
func (tx *Tx) restoreAll(in *archiveReader, progress func(table string, rows int64)) error {
	var table archiveLine
	var batch [][]any
	size := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := tx.insertRows(table, batch)
		batch, size = nil, 0
		return err
	}
	err := in.each(func(line archiveLine) error {
		if line.Row != nil {
			row, err := table.decode(line.Row)
			if err != nil {
				return errArchive("archive_unreadable")
			}
			for _, v := range row {
				if raw, ok := v.([]byte); ok {
					size += len(raw)
				}
			}
			if batch = append(batch, row); len(batch) == batchRows || size >= batchBytes {
				return flush()
			}
			return nil
		}
		if !slices.Contains(archived, line.Table) || len(line.Columns) != len(line.Kinds) {
			return errArchive("archive_unreadable")
		}
		err := flush()
		table = line
		progress(line.Table, in.rows)
		return err
	})
	if err != nil {
		return err
	}
	return flush()
}

// insertRows writes some rows in one statement. Column names are those of
// our own tables: anything else is refused by its form.
func (tx *Tx) insertRows(table archiveLine, rows [][]any) error {
	for _, c := range table.Columns {
		if strings.Trim(c, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return errArchive("archive_unreadable")
		}
	}
	mark := "(?" + strings.Repeat(",?", len(table.Columns)-1) + ")"
	marks := mark + strings.Repeat(","+mark, len(rows)-1)
	return many(tx.db).Exec("INSERT INTO "+table.Table+" ("+strings.Join(table.Columns, ",")+") VALUES "+marks,
		slices.Concat(rows...)...).Error
}

// kind is how a column's values are written in an archive, whatever the
// database calls its type.
type kind string

const (
	kindText  kind = "text"
	kindInt   kind = "int"
	kindFloat kind = "float"
	kindBool  kind = "bool"
	kindTime  kind = "time"
	kindBytes kind = "bytes"
)

func kindOf(databaseType string) kind {
	switch strings.ToUpper(databaseType) {
	case "INTEGER", "BIGINT", "INT4", "INT8":
		return kindInt
	case "BOOLEAN", "BOOL":
		return kindBool
	case "DATETIME", "TIMESTAMPTZ":
		return kindTime
	case "BLOB", "BYTEA":
		return kindBytes
	case "DOUBLE PRECISION", "FLOAT8":
		return kindFloat
	}
	return kindText
}

func (k kind) encode(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []byte:
		if k == kindBytes {
			return base64.StdEncoding.EncodeToString(v), nil
		}
		return string(v), nil
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), nil
	case int64:
		if k == kindBool {
			return v != 0, nil
		}
		return strconv.FormatInt(v, 10), nil // as text: JSON numbers lose what is above 2^53
	case int32:
		return strconv.FormatInt(int64(v), 10), nil
	case string, bool, float64:
		return v, nil
	}
	return nil, fmt.Errorf("a value of %T", v)
}

func (table archiveLine) decode(row []any) ([]any, error) {
	if len(row) != len(table.Kinds) {
		return nil, fmt.Errorf("%d values for %d columns", len(row), len(table.Kinds))
	}
	decoded := make([]any, len(row))
	for i, v := range row {
		var err error
		if decoded[i], err = table.Kinds[i].decode(v); err != nil {
			return nil, err
		}
	}
	return decoded, nil
}

func (k kind) decode(v any) (any, error) {
	text, isText := v.(string)
	switch {
	case v == nil:
		return nil, nil
	case k == kindInt && isText:
		return strconv.ParseInt(text, 10, 64)
	case k == kindTime && isText:
		return time.Parse(time.RFC3339Nano, text)
	case k == kindBytes && isText:
		return base64.StdEncoding.DecodeString(text)
	case k == kindFloat:
		number, ok := v.(json.Number)
		if !ok {
			return nil, fmt.Errorf("%v is no number", v)
		}
		return number.Float64()
	}
	return v, nil
}

// decodeNumbers keeps numbers as they were written.
func decodeNumbers(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

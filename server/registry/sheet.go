package registry

import (
	"bytes"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"

	"golang.org/x/text/unicode/norm"
)

// The limits of an import file.
const (
	MaxFileBytes = 64 << 20
	MaxRows      = 1_000_000
	MaxCellRunes = 200
	maxColumns   = 64
)

// Sheet is a table that was read from a CSV or XLSX file: a line of headers
// and rows of text. A formula's cell is the text that it last showed.
type Sheet struct {
	header []string
	rows   int
	each   func(fn func(line int, cells []string) error) error
}

// Rows counts the rows below the header, empty ones left out.
func (s *Sheet) Rows() int { return s.rows }

// OpenSheet reads a file by its name's ending and checks that it is what the
// name says. It takes UTF-8 (with or without BOM) and GB18030.
func OpenSheet(name string, content []byte) (*Sheet, error) {
	switch {
	case len(content) > MaxFileBytes:
		return nil, fault.New(fault.TooLarge, "file_too_large").With("mib", strconv.Itoa(MaxFileBytes>>20))
	case len(content) == 0:
		return nil, fault.New(fault.Invalid, "file_empty")
	}
	looks := kindOf(content)
	switch ending := strings.ToLower(filepath.Ext(name)); {
	case looks == "ole":
		return nil, fault.New(fault.Invalid, "file_old_or_locked")
	case ending == ".csv" && looks == "text":
		return openCSV(content)
	case ending == ".xlsx" && looks == "zip":
		return openXLSX(content)
	case ending == ".csv", ending == ".xlsx":
		return nil, fault.New(fault.Invalid, "file_renamed").With("ending", ending)
	}
	return nil, fault.New(fault.Invalid, "file_unknown")
}

// kindOf looks at the first bytes: a name can be changed.
func kindOf(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return "zip"
	case bytes.HasPrefix(content, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "ole" // .xls, or an .xlsx behind a password
	}
	return "text"
}

// count walks over all rows once, so that what is unreadable is told before
// anything is changed.
func (s *Sheet) count() (*Sheet, error) {
	err := s.each(func(int, []string) error {
		if s.rows++; s.rows > MaxRows {
			return fault.New(fault.TooLarge, "too_many_rows").With("rows", strconv.Itoa(MaxRows))
		}
		return nil
	})
	return s, err
}

// column is one thing that a file may say of a row, with the headers it may
// go by.
type column struct {
	name     string
	headers  []string
	required bool
}

// bound says where the columns stand in a sheet; -1 where one is left out.
type bound map[string]int

// bind finds the columns. A header that is not known is refused: it may be a
// slip of the pen that would silently leave out a column.
func (s *Sheet) bind(columns []column) (bound, error) {
	known := map[string]string{}
	at := bound{}
	for _, c := range columns {
		at[c.name] = -1
		for _, h := range c.headers {
			known[headerKey(h)] = c.name
		}
	}
	var wrong *fault.Error
	complain := func(reason, header string) {
		if wrong == nil {
			wrong = fault.New(fault.Invalid, "header_wrong").With("headers", headers(columns))
		}
		wrong.Fields = append(wrong.Fields, fault.Field{Path: header, Reason: reason})
	}
	for i, h := range s.header {
		name, ok := known[headerKey(h)]
		switch {
		case strings.TrimSpace(h) == "":
		case !ok:
			complain("header_unknown", h)
		case at[name] >= 0:
			complain("header_twice", h)
		default:
			at[name] = i
		}
	}
	for _, c := range columns {
		if c.required && at[c.name] < 0 {
			complain("header_missing", c.headers[0])
		}
	}
	if wrong != nil {
		return nil, wrong
	}
	return at, nil
}

func headers(columns []column) string {
	var names []string
	for _, c := range columns {
		names = append(names, strings.Join(c.headers, "/"))
	}
	return strings.Join(names, ", ")
}

func headerKey(h string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(norm.NFKC.String(h), func(r rune) bool {
		return unicode.IsSpace(r) || r == '_' || r == '*'
	}), ""))
}

// has reports whether the file has the column at all.
func (b bound) has(name string) bool { return b[name] >= 0 }

// cell is the text of a column in a row, "" where the row is short.
func (b bound) cell(cells []string, name string) string {
	if i := b[name]; i >= 0 && i < len(cells) {
		return cells[i]
	}
	return ""
}

// cleanCell trims a cell and says what is wrong with it, "" for nothing.
func cleanCell(text string) (clean, wrong string) {
	if !utf8.ValidString(text) {
		return "", "cell_encoding"
	}
	clean = strings.TrimSpace(text)
	if !norm.NFC.IsNormalString(clean) {
		clean = norm.NFC.String(clean)
	}
	if utf8.RuneCountInString(clean) > MaxCellRunes {
		return "", "cell_long"
	}
	if strings.Contains(clean, "\n") || !models.CleanText(clean) || strings.ContainsFunc(clean, invisible) {
		return "", "cell_control"
	}
	return clean, ""
}

func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

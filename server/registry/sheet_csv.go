package registry

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/models/fault"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func openCSV(content []byte) (*Sheet, error) {
	text, err := decode(content)
	if err != nil {
		return nil, err
	}
	s := &Sheet{each: func(fn func(line int, cells []string) error) error { return eachCSV(text, fn) }}
	reader := csvReader(text)
	if s.header, err = reader.Read(); err != nil {
		return nil, csvFault(err)
	}
	if len(s.header) > maxColumns {
		return nil, fault.New(fault.TooLarge, "too_many_columns").With("columns", strconv.Itoa(maxColumns))
	}
	return s.count()
}

func csvReader(text []byte) *csv.Reader {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1 // a short row is a complaint of that row
	reader.ReuseRecord = true
	return reader
}

func eachCSV(text []byte, fn func(line int, cells []string) error) error {
	reader := csvReader(text)
	if _, err := reader.Read(); err != nil {
		return csvFault(err)
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(err)
		}
		if blank(cells) {
			continue
		}
		line, _ := reader.FieldPos(0)
		if err := fn(line, cells); err != nil {
			return err
		}
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func csvFault(err error) error {
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "file_empty")
	}
	f := fault.New(fault.Invalid, "csv_broken").Because(err)
	var where *csv.ParseError
	if errors.As(err, &where) {
		// An open quotation mark is noticed at the end; it begins at StartLine.
		return f.With("line", strconv.Itoa(where.StartLine))
	}
	return f.With("line", "?")
}

// decode gives the text as UTF-8. What is not UTF-8 is read as GB18030, the
// way that spreadsheets in China write CSV.
func decode(content []byte) ([]byte, error) {
	if bytes.HasPrefix(content, []byte("\xFF\xFE")) || bytes.HasPrefix(content, []byte("\xFE\xFF")) {
		return nil, fault.New(fault.Invalid, "file_utf16")
	}
	content = bytes.TrimPrefix(content, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(content) {
		text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
		if err != nil {
			return nil, fault.New(fault.Invalid, "file_encoding").With("line", "?").Because(err)
		}
		if at := bytes.ContainsRune(text, utf8.RuneError); at {
			return nil, encodingFault(text, bytes.IndexRune(text, utf8.RuneError))
		}
		content = text
	}
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return nil, encodingFault(content, at)
	}
	return content, nil
}

func encodingFault(text []byte, at int) error {
	line := 1 + bytes.Count(text[:at], []byte("\n"))
	return fault.New(fault.Invalid, "file_encoding").With("line", strconv.Itoa(line))
}

package registry

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"linli/models/fault"

	"github.com/xuri/excelize/v2"
)

// An XLSX is a zip: a small file may hold a great deal. excelize's own limit
// is 16 GB; these let a bomb end before it costs memory.
const (
	unzipLimit    = 32 << 20
	unzipXMLLimit = 16 << 20
	zipEntries    = 1000
)

var xlsxOptions = excelize.Options{UnzipSizeLimit: unzipLimit, UnzipXMLSizeLimit: unzipXMLLimit, RawCellValue: true}

func openXLSX(content []byte) (*Sheet, error) {
	if err := inspectZip(content); err != nil {
		return nil, err
	}
	s := &Sheet{each: func(fn func(line int, cells []string) error) error {
		return eachXLSX(content, func(line int, cells []string) error {
			if line == 1 {
				return nil
			}
			return fn(line, cells)
		})
	}}
	errHeader := errors.New("header read")
	err := eachXLSX(content, func(line int, cells []string) error {
		if line == 1 {
			s.header = append(s.header, cells...)
		}
		return errHeader
	})
	switch {
	case err == nil, len(s.header) == 0 && errors.Is(err, errHeader):
		return nil, fault.New(fault.Invalid, "file_empty")
	case !errors.Is(err, errHeader):
		return nil, err
	}
	return s.count()
}

// inspectZip refuses what a table of text never needs.
func inspectZip(content []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return fault.New(fault.Invalid, "xlsx_broken").Because(err)
	}
	if len(archive.File) > zipEntries {
		return fault.New(fault.TooLarge, "xlsx_too_large")
	}
	size := uint64(0)
	workbook := false
	for _, f := range archive.File {
		size += f.UncompressedSize64
		name := strings.ToLower(f.Name)
		switch {
		case size > unzipLimit:
			return fault.New(fault.TooLarge, "xlsx_too_large")
		case strings.HasSuffix(name, "vbaproject.bin"):
			return fault.New(fault.Invalid, "xlsx_macro")
		case strings.Contains(name, "externallinks/"):
			return fault.New(fault.Invalid, "xlsx_links")
		case name == "xl/workbook.xml":
			workbook = true
		}
	}
	if !workbook {
		return fault.New(fault.Invalid, "file_renamed").With("ending", ".xlsx")
	}
	return wellFormed(archive)
}

// wellFormed reads every sheet to its end: the library takes an error in the
// middle for the end, and half a file would be imported as a whole one. A
// document type is refused, because entities come with it.
func wellFormed(archive *zip.Reader) error {
	for _, f := range archive.File {
		name := strings.ToLower(f.Name)
		if !strings.HasPrefix(name, "xl/") || !strings.HasSuffix(name, ".xml") {
			continue
		}
		part, err := f.Open()
		if err == nil {
			err = readXML(io.LimitReader(part, unzipLimit))
			_ = part.Close() // only read
		}
		if err != nil {
			return fault.New(fault.Invalid, "xlsx_broken").Because(fmt.Errorf("%s: %w", f.Name, err))
		}
	}
	return nil
}

func readXML(part io.Reader) error {
	decoder := xml.NewDecoder(part)
	depth := 0
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("has a document type")
		}
	}
}

// eachXLSX streams the rows of the first sheet.
func eachXLSX(content []byte, fn func(line int, cells []string) error) (err error) {
	defer func() {
		// The library has panicked on damaged files before; a file must not
		// take the program down.
		if value := recover(); value != nil {
			err = fault.New(fault.Invalid, "xlsx_broken")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(content), xlsxOptions)
	if err != nil {
		return xlsxFault(err)
	}
	defer func() { _ = book.Close() }() // its temporary files; nothing is written
	names := book.GetSheetList()
	if len(names) == 0 {
		return fault.New(fault.Invalid, "file_empty")
	}
	rows, err := book.Rows(names[0])
	if err != nil {
		return xlsxFault(err)
	}
	defer func() { _ = rows.Close() }()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return xlsxFault(err)
		}
		if len(cells) > maxColumns {
			return fault.New(fault.TooLarge, "too_many_columns").With("columns", strconv.Itoa(maxColumns))
		}
		if blank(cells) {
			continue
		}
		if err := fn(line, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return xlsxFault(err)
	}
	return nil
}

func xlsxFault(err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), strings.Contains(text, "encrypted"):
		return fault.New(fault.Invalid, "file_old_or_locked").Because(err)
	case strings.Contains(text, "unzip size exceeds"):
		return fault.New(fault.TooLarge, "xlsx_too_large").Because(err)
	}
	return fault.New(fault.Invalid, "xlsx_broken").Because(err)
}

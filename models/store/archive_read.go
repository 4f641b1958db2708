package store

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
)

// archiveReader reads lines and sums them up to the last.
type archiveReader struct {
	lines *bufio.Reader
	sum   hash.Hash
	rows  int64
}

// openArchive begins at the start of the file and reads its head.
func openArchive(r io.ReadSeeker) (*archiveReader, ArchiveHead, error) {
	var head ArchiveHead
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, head, err
	}
	zipped, err := gzip.NewReader(bufio.NewReader(r))
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) {
		return nil, head, errArchive("archive_unreadable")
	}
	if err != nil {
		return nil, head, whyBroken(err)
	}
	in := &archiveReader{lines: bufio.NewReaderSize(zipped, 1<<16), sum: sha256.New()}
	text, err := in.lines.ReadBytes('\n')
	if err != nil {
		return nil, head, whyBroken(err)
	}
	if json.Unmarshal(text, &head) != nil || head.Format != archiveFormat {
		return nil, head, errArchive("archive_unreadable")
	}
	in.sum.Write(text)
	return in, head, nil
}

// each reads line by line to the end, whose checksum must fit.
func (in *archiveReader) each(do func(line archiveLine) error) error {
	for {
		text, err := in.lines.ReadBytes('\n')
		if err != nil {
			return whyBroken(err)
		}
		var line archiveLine
		if err := decodeNumbers(text, &line); err != nil {
			return errArchive("archive_damaged")
		}
		if line.Row == nil && line.Table == "" {
			return in.end(line)
		}
		if line.Row != nil {
			in.rows++
		}
		if err := do(line); err != nil {
			return err
		}
		in.sum.Write(text)
	}
}

// end holds the last line against what was read; after it comes nothing but
// the checksum of gzip itself.
func (in *archiveReader) end(line archiveLine) error {
	_, err := in.lines.ReadByte()
	switch {
	case line.SHA256 != hex.EncodeToString(in.sum.Sum(nil)), line.Rows != in.rows, err == nil:
		return errArchive("archive_damaged")
	case err != io.EOF:
		return whyBroken(err)
	}
	return nil
}

// whyBroken tells a file that ends too early from one that was changed, and
// both from a disk that cannot be read.
func whyBroken(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errArchive("archive_cut_short")
	case errors.As(err, &corrupt), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return errArchive("archive_damaged")
	}
	return err
}

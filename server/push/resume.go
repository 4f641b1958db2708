package push

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"linli/models"
)

// resume is the only message of a client: from where it goes on.
type resume struct {
	epoch string
	grids map[models.ID]int64
}

// resumeLimit is the most bytes that an honest resume of so many grids has: an
// id, a number and their punctuation each.
func resumeLimit(grids int) int64 { return 1024 + 80*int64(grids) }

var errResume = errors.New("not a resume message")

// parseResume is strict: an unknown or repeated field, another type, a number
// that is none, or anything after the message is an error.
func parseResume(text []byte) (resume, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	r := resume{grids: map[models.ID]int64{}}
	kind := ""
	seen := map[string]bool{}
	err := eachField(d, func(name string) (err error) {
		if seen[name] {
			return errResume
		}
		seen[name] = true
		switch name {
		case "type":
			kind, err = readText(d)
		case "epoch":
			r.epoch, err = readText(d)
		case "grids":
			err = eachField(d, func(grid string) error { return r.readNumber(d, grid) })
		default:
			err = errResume
		}
		return err
	})
	if err != nil || kind != "resume" || !seen["grids"] || !seen["epoch"] {
		return r, errResume
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return r, errResume
	}
	return r, nil
}

func (r resume) readNumber(d *json.Decoder, grid models.ID) error {
	token, err := d.Token()
	number, ok := token.(json.Number)
	if _, twice := r.grids[grid]; err != nil || !ok || twice {
		return errResume
	}
	seq, err := number.Int64()
	if err != nil || seq < 0 {
		return errResume
	}
	r.grids[grid] = seq
	return nil
}

// eachField walks over one object.
func eachField(d *json.Decoder, field func(name string) error) error {
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return errResume
	}
	for d.More() {
		name, err := readText(d)
		if err != nil {
			return err
		}
		if err := field(name); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func readText(d *json.Decoder) (string, error) {
	token, err := d.Token()
	text, ok := token.(string)
	if err != nil || !ok {
		return "", errResume
	}
	return text, nil
}

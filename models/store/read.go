package store

import (
	"encoding/base64"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"

	"gorm.io/gorm"
)

// fresh empties the target first, because an announced read may run again.
func fresh[T any](db *gorm.DB, into *[]T) *gorm.DB {
	*into = nil
	return db
}

// ByID reads the rows with these ids, in id order.
func ByID[T any](ids []models.ID, into *[]T) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("id IN ?", ids).Order("id").Find(into) }
}

// One gives the only row that was read, or not found: what may not be seen
// and what is not there look alike.
func One[T any](rows []T) (T, error) {
	if len(rows) != 1 {
		var none T
		return none, fault.New(fault.NotFound, "not_found")
	}
	return rows[0], nil
}

// Cursor is a place in a list that is sorted by created_at and id, newest
// first. A nil Cursor is the beginning.
type Cursor struct {
	At time.Time
	ID models.ID
}

// ParseCursor reads what Cursor.String wrote; "" is the beginning.
func ParseCursor(text string) (*Cursor, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	at, id, found := strings.Cut(string(raw), "|")
	when, errTime := time.Parse(time.RFC3339Nano, at)
	if err != nil || !found || errTime != nil || !ValidID(id) {
		return nil, fault.InvalidField("cursor", "cursor_unknown")
	}
	return &Cursor{At: when, ID: id}, nil
}

// String writes the cursor for a URL.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.At.UTC().Format(time.RFC3339Nano) + "|" + c.ID))
}

func (c *Cursor) page(db *gorm.DB) *gorm.DB {
	if c == nil {
		return db
	}
	return db.Where("(created_at < ? OR (created_at = ? AND id < ?))", c.At, c.At, c.ID)
}

// ValidID reports whether text is written like an id of ours, so that neither
// database is asked about anything else.
func ValidID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i, r := range text {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdef", r) {
			return false
		}
	}
	return true
}

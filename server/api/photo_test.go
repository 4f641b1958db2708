package api_test

import (
	"bytes"
	"image/jpeg"
	"strings"
	"testing"

	"linli/models/store/storetest"

	"github.com/google/uuid"
)

// TestPhoto_IsAnAnswerAndNothingElse: a picture that no browser takes for a page, that
// no shared cache keeps, and that is small however large it came.
func TestPhoto_IsAnAnswerAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newScene(t, storetest.SQLite(t))
	got := s.send(t, elder, "GET", "/api/v1/photos/"+s.kept["leaflet"], "")
	for name, want := range map[string]string{"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "private, max-age=3600", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} {
		if is := got.header.Get(name); is != want {
			t.Errorf("%s: %q, want %q", name, is, want)
		}
	}
	if _, err := jpeg.Decode(bytes.NewReader(got.body)); got.status != 200 || err != nil {
		t.Errorf("%d, %v", got.status, err)
	}
}

func TestPhoto_WhatIsTooLargeOrOfAnotherKindIsRefusedByItsStatus(t *testing.T) {
	t.Parallel()
	s := newScene(t, storetest.SQLite(t))
	for name, c := range map[string]struct {
		body, kind string
		status     int
		reason     string
	}{
		"ten megabytes":        {s.kept["photo"] + strings.Repeat("\x00", 10<<20), "image/jpeg", 413, "body_too_large"},
		"a bomb":               {hugePNG(), "image/png", 422, "photo_too_many_pixels"},
		"text renamed to .jpg": {"这不是照片", "image/jpeg", 422, "photo_kind"},
		"nothing":              {"", "image/jpeg", 422, "photo_kind"},
		"a page":               {"<html></html>", "text/html", 415, "want_photo"},
		"a photo as JSON":      {s.kept["photo"], "application/json", 415, "want_photo"},
		"a JPEG called a PNG":  {s.kept["photo"], "image/png", 201, ""}, // what it is counts, not what it is called
	} {
		got := s.send(t, giver, "POST", "/api/v1/lots/"+s.kept["lot"]+"/pack-photos", c.body, "Content-Type", c.kind, "Idempotency-Key", uuid.NewString())
		if got.status != c.status || !strings.Contains(string(got.body), c.reason) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

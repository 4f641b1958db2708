package frontend

import (
	"io/fs"
	"testing"
)

func TestFiles_AlwaysHoldAPage(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(Files(), "index.html")
	if err != nil || len(page) == 0 {
		t.Fatalf("index.html: %d bytes, %v", len(page), err)
	}
}

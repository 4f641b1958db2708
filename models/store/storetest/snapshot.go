package storetest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// Snapshot is a small photo in one shade; another shade is another photo.
func Snapshot(t testing.TB, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 160, 120))
	for i := range img.Pix {
		img.SetGray(i%160, i/160, color.Gray{shade})
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

package picture_test

import (
	"testing"

	"linli/models/fault"
	"linli/models/picture"
)

// FuzzShrink: whatever comes in, it is refused in words or becomes a small bare
// JPEG, which is taken again.
func FuzzShrink(f *testing.F) {
	f.Add(asJPEG(f, corner(120, 100)))
	f.Add(asPNG(f, corner(120, 100)))
	f.Add(progressive(160, 104, 3))
	f.Add(bomb(f, 120, 104, 16, 1))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := picture.Shrink(file)
		if err != nil {
			if fault.From(err).Code != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		shrink(t, p.JPEG)
		bare(t, p.JPEG)
	})
}

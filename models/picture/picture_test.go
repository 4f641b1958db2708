package picture_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"runtime"
	"strings"
	"testing"

	"linli/models/fault"
	"linli/models/picture"

	"pgregory.net/rapid"
)

func shrink(t testing.TB, file []byte) (picture.Picture, image.Image) {
	t.Helper()
	p, err := picture.Shrink(file)
	must(t, err)
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	must(t, err)
	if size := img.Bounds().Size(); size != image.Pt(p.Width, p.Height) || max(size.X, size.Y) > picture.MaxSide || len(p.JPEG) > picture.MaxBytes {
		t.Fatalf("%v, said to be %d by %d, %d bytes", size, p.Width, p.Height, len(p.JPEG))
	}
	return p, img
}

func near(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	R, G, B, _ := b.RGBA()
	apart := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x2000 }
	return !apart(r, R) && !apart(g, G) && !apart(bl, B)
}

// TestShrink_IsUprightWhateverTheCameraSays: the red quarter is at the top left of
// the scene, and each camera lays the picture down in its own way.
func TestShrink_IsUprightWhateverTheCameraSays(t *testing.T) {
	t.Parallel()
	// Where the red quarter of the file lies in the scene, as EXIF 2.3 has it.
	places := map[uint16]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}
	for orientation, red := range places {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			tag := exif(order, orientation)
			for name, file := range map[string][]byte{
				"jpeg": withSegments(asJPEG(t, corner(240, 160)), segment(0xe1, append([]byte("Exif\x00\x00"), tag...))),
				"png":  withChunks(asPNG(t, corner(240, 160)), chunk("eXIf", tag)),
			} {
				p, img := shrink(t, file)
				if lies := orientation >= 5; lies && p.Width != 160 || !lies && p.Width != 240 {
					t.Errorf("%s %d: %d by %d", name, orientation, p.Width, p.Height)
				}
				for i := range 4 {
					at := image.Pt(i%2, i/2)
					want := color.Color(white)
					if at == red {
						want = color.RGBA{220, 20, 20, 255}
					}
					if got := img.At(p.Width/4+at.X*p.Width/2, p.Height/4+at.Y*p.Height/2); !near(got, want) {
						t.Errorf("%s %d: %v at %v, want %v", name, orientation, got, at, want)
					}
				}
			}
		}
	}
}

// TestShrink_KeepsNothingButPixels: not the place, not the camera, no remark.
func TestShrink_KeepsNothingButPixels(t *testing.T) {
	t.Parallel()
	tag := exif(binary.BigEndian, 1)
	for name, file := range map[string][]byte{
		"jpeg": withSegments(asJPEG(t, corner(200, 200)), segment(0xe1, append([]byte("Exif\x00\x00"), tag...)),
			segment(0xfe, []byte("canary-remark")), segment(0xe2, []byte("ICC_PROFILE\x00canary-colours")), segment(0xed, []byte("canary-caption"))),
		"png": withChunks(asPNG(t, corner(200, 200)), chunk("eXIf", tag), chunk("tEXt", []byte("Comment\x00canary-remark"))),
	} {
		if !bytes.Contains(file, []byte("canary")) {
			t.Fatal("nothing was planted")
		}
		p, _ := shrink(t, file)
		if bytes.Contains(p.JPEG, []byte("canary")) {
			t.Errorf("%s: a canary sings", name)
		}
		bare(t, p.JPEG)
	}
}

// bare finds what is no part of the pixels.
func bare(t testing.TB, file []byte) {
	t.Helper()
	for i := 2; ; {
		marker := file[i+1]
		if file[i] != 0xff || marker == 0xfe || marker >= 0xe0 && marker <= 0xef {
			t.Fatalf("a piece %x at %d", marker, i)
		}
		if marker == 0xda {
			return
		}
		i += 2 + int(binary.BigEndian.Uint16(file[i+2:]))
	}
}

func TestShrink_RefusesWhatIsNoStillPicture(t *testing.T) {
	t.Parallel()
	good, goodPNG := asJPEG(t, corner(200, 200)), asPNG(t, corner(200, 200))
	var moving bytes.Buffer
	must(t, gif.Encode(&moving, corner(200, 200), nil))
	zip := []byte("PK\x03\x04" + strings.Repeat("\x00", 40))
	for name, c := range map[string]struct {
		file []byte
		why  string
	}{
		"nothing":                        {nil, "photo_kind"},
		"text renamed to .jpg":           {[]byte("这不是照片\n"), "photo_kind"},
		"a page":                         {[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "photo_kind"},
		"gif":                            {moving.Bytes(), "photo_kind"},
		"webp":                           {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 "), "photo_kind"},
		"heic":                           {[]byte("\x00\x00\x00\x18ftypheic"), "photo_kind"},
		"an archive before it":           {append(bytes.Clone(zip), good...), "photo_kind"},
		"an archive behind it":           {append(bytes.Clone(good), zip...), "photo_broken"},
		"an archive behind a png":        {append(bytes.Clone(goodPNG), zip...), "photo_broken"},
		"two pictures":                   {append(bytes.Clone(good), good...), "photo_broken"},
		"a moving png":                   {withChunks(goodPNG, chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})), "photo_moving"},
		"cut short":                      {good[:len(good)/2], "photo_broken"},
		"without its end":                {good[:len(good)-2], "photo_broken"},
		"a png cut short":                {goodPNG[:len(goodPNG)-13], "photo_broken"},
		"head only":                      {good[:3], "photo_broken"},
		"a piece longer than the file":   {append(bytes.Clone(good[:2]), 0xff, 0xe1, 0xff, 0xff, 1), "photo_broken"},
		"a piece shorter than its head":  {append(bytes.Clone(good[:2]), 0xff, 0xe1, 0, 1, 0xff, 0xd9), "photo_broken"},
		"a chunk longer than the file":   {append(bytes.Clone(goodPNG[:pngHead]), "\xff\xff\xff\xffIDAT\x00\x00\x00\x00"...), "photo_broken"},
		"ends before its pixels":         {append(bytes.Clone(good[:2]), 0xff, 0xd9), "photo_broken"},
		"a changed byte in a png":        {changed(goodPNG, len(goodPNG)/2), "photo_broken"},
		"four inks":                      {bytes.Join([][]byte{{0xff, 0xd8}, components(0xc0, 200, 200, 4), {0xff, 0xd9}}, nil), "photo_broken"},
		"a bomb":                         {bytes.Join([][]byte{header(60_000, 60_000, 8, 0), chunk("IEND", nil)}, nil), "photo_too_many_pixels"},
		"a bomb that is just too large":  {bomb(t, 2001, 2000, 8, 0), "photo_too_many_pixels"},
		"a bomb as wide as a number is":  {bytes.Join([][]byte{header(1<<31-1, 1<<31-1, 8, 0), chunk("IEND", nil)}, nil), "photo_broken"},
		"a bomb in a thin line":          {bytes.Join([][]byte{header(1<<31-1, 1, 8, 0), chunk("IEND", nil)}, nil), "photo_too_many_pixels"},
		"more pixels than it says":       {longer(t), "photo_broken"},
		"a progressive bomb":             {progressive(65_000, 65_000, 3)[:4000], "photo_broken"},
		"a progressive bomb with an end": {progressive(8000, 8000, 3), "photo_too_many_pixels"},
		"a dot":                          {asPNG(t, corner(1, 1)), "photo_too_few_pixels"},
		"a line":                         {asPNG(t, corner(2000, 20)), "photo_too_few_pixels"},
	} {
		_, err := picture.Shrink(c.file)
		if f := fault.From(err); f == nil || f.Code != fault.Invalid || f.Reason != c.why {
			t.Errorf("%s: %v, want %s", name, err, c.why)
		}
	}
}

func changed(file []byte, at int) []byte {
	file = bytes.Clone(file)
	file[at] ^= 0x55
	return file
}

// longer is a PNG that unfolds into more rows than it says.
func longer(t testing.TB) []byte {
	file := bomb(t, 200, 400, 8, 0)
	return append(header(200, 200, 8, 0), file[pngHead:]...)
}

func TestShrink_WhateverIsInItFits(t *testing.T) {
	t.Parallel()
	clear := image.NewNRGBA(image.Rect(0, 0, 300, 300))
	for name, c := range map[string]struct {
		file []byte
		w, h int
	}{
		"small stays as it is": {asJPEG(t, corner(640, 480)), 640, 480},
		"long":                 {asJPEG(t, corner(2000, 1000)), 1280, 640},
		"high":                 {asPNG(t, corner(1000, 3000)), 427, 1280},
		"grey":                 {asJPEG(t, image.NewGray(image.Rect(0, 0, 1400, 700))), 1280, 640},
		"few colours":          {asPNG(t, image.NewPaletted(image.Rect(0, 0, 1400, 700), color.Palette{white, red})), 1280, 640},
		"sixteen bits":         {asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 300, 300))), 300, 300},
		"seen through":         {asPNG(t, clear), 300, 300},
		"progressive":          {progressive(1600, 800, 3), 1280, 640},
		"interlaced":           {bomb(t, 400, 300, 16, 1), 400, 300},
	} {
		p, img := shrink(t, c.file)
		if p.Width != c.w || p.Height != c.h {
			t.Errorf("%s: %d by %d", name, p.Width, p.Height)
		}
		if name == "seen through" && !near(img.At(150, 150), white) {
			t.Errorf("nothing is %v, not paper", img.At(150, 150))
		}
		if name == "progressive" && !near(img.At(99, 99), color.Gray{128}) {
			t.Errorf("grey is %v", img.At(99, 99))
		}
	}
	if p, _ := shrink(t, asPNG(t, noise(1280, 1280))); p.Width < 640 {
		t.Errorf("noise became %d by %d", p.Width, p.Height)
	}
}

// TestShrink_IsTheMeanOfWhatItCovers: stripes of one pixel become their mean, not
// one of them, whatever the sizes.
func TestShrink_IsTheMeanOfWhatItCovers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w, h := rapid.IntRange(1290, 1500).Draw(r, "w"), rapid.IntRange(115, 130).Draw(r, "h")
		light, dark := rapid.IntRange(0, 255).Draw(r, "light"), rapid.IntRange(0, 255).Draw(r, "dark")
		img, sum := image.NewGray(image.Rect(0, 0, w, h)), 0
		for i := range img.Pix {
			img.Pix[i] = uint8(light)
			if i%w%2 == 1 {
				img.Pix[i] = uint8(dark)
			}
			sum += int(img.Pix[i])
		}
		p, out := shrink(t, asPNG(t, img))
		got, looked := 0, 0
		for i := 0; i < p.Width*p.Height; i += 7 {
			c, _, _, _ := out.At(i%p.Width, i/p.Width).RGBA()
			got, looked = got+int(c>>8), looked+1
		}
		if want, is := sum/(w*h), got/looked; want-is > 3 || is-want > 3 {
			r.Fatalf("%d by %d of %d and %d: %d, want %d", w, h, light, dark, is, want)
		}
	})
}

// TestShrink_TakesLittleMemory, everything that is ever allocated counted, also
// what is free again long before the end.
func TestShrink_TakesLittleMemory(t *testing.T) {
	const most = 76 // MB
	for name, file := range map[string][]byte{
		"progressive": progressive(2000, 2000, 3),
		"interlaced":  bomb(t, 2000, 2000, 16, 1),
		"noise":       asPNG(t, noise(1280, 1280)),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := picture.Shrink(file)
		runtime.ReadMemStats(&after)
		must(t, err)
		took := (after.TotalAlloc - before.TotalAlloc) / 1e6
		if t.Logf("%s: %d kB take %d MB", name, len(file)/1000, took); took > most {
			t.Errorf("%s: %d MB", name, took)
		}
	}
}

package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	red   = color.RGBA{220, 20, 20, 255}
	white = color.RGBA{255, 255, 255, 255}
)

// corner is white, with a red quarter at the top left.
func corner(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, white)
			if x < w/2 && y < h/2 {
				img.Set(x, y, red)
			}
		}
	}
	return img
}

// noise is what compresses worst.
func noise(w, h int) *image.RGBA {
	img, r := image.NewRGBA(image.Rect(0, 0, w, h)), rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32()) | 3
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, img, &jpeg.Options{Quality: 90}))
	return out.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, img))
	return out.Bytes()
}

// segment is a piece of a JPEG: its marker, its length, its content.
func segment(marker byte, content []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2)), content...)
}

// withSegments puts pieces behind the first two bytes.
func withSegments(file []byte, segments ...[]byte) []byte {
	return bytes.Join(append(append([][]byte{file[:2]}, segments...), file[2:]), nil)
}

// exif is a directory with a maker's name, a place and an orientation.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	head := []byte("MM\x00*")
	if order == binary.LittleEndian {
		head = []byte("II*\x00")
	}
	entry := func(out []byte, tag, kind uint16, count, value uint32) []byte {
		return order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(out, tag), kind), count), value)
	}
	out := order.AppendUint16(order.AppendUint32(head, 8), 3)
	out = entry(out, 0x010f, 2, 12, 50) // the maker's name, at 50
	short := order.AppendUint16(nil, orientation)
	out = append(entry(out, 0x0112, 3, 1, 0)[:len(out)+8], append(short, 0, 0)...)
	out = entry(out, 0x8825, 4, 1, 62) // the place
	return append(order.AppendUint32(out, 0), "canary-maker\x00canary-place"...)
}

// chunk is a piece of a PNG.
func chunk(name string, content []byte) []byte {
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), name...)
	out = append(out, content...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

const pngHead = 8 + 25 // the signature and the first chunk

// withChunks puts pieces behind the first chunk.
func withChunks(file []byte, chunks ...[]byte) []byte {
	return bytes.Join(append(append([][]byte{file[:pngHead]}, chunks...), file[pngHead:]), nil)
}

// header is a PNG's first chunk: eight bits and four channels.
func header(w, h uint32, depth, interlaced byte) []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(size, depth, 6, 0, 0, interlaced))...)
}

// bomb is a small PNG that says it is w by h and holds as much of nothing.
func bomb(t testing.TB, w, h int, depth, interlaced byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	row := func(w, h int) {
		line := make([]byte, 1+w*4*int(depth)/8)
		for range h {
			_, err := z.Write(line)
			must(t, err)
		}
	}
	if interlaced == 0 {
		row(w, h)
	} else { // the seven passes of Adam7
		for _, p := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
			row((w-p[0]+p[2]-1)/p[2], (h-p[1]+p[3]-1)/p[3])
		}
	}
	must(t, z.Close())
	return bytes.Join([][]byte{header(uint32(w), uint32(h), depth, interlaced), chunk("IDAT", packed.Bytes()), chunk("IEND", nil)}, nil)
}

// components is a frame header: size, and so many colours, each as fine as light.
func components(marker byte, w, h uint16, n byte) []byte {
	frame := append(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, h), w), n)
	for c := range n {
		frame = append(frame, c+1, 0x11, 0)
	}
	return segment(marker, frame)
}

// progressive is a grey JPEG of the kind that takes most memory: its mean alone is
// there, a bit of nothing for each block.
func progressive(w, h uint16, n byte) []byte {
	scan := []byte{n}
	for c := range n {
		scan = append(scan, c+1, 0)
	}
	blocks := (int(w) + 7) / 8 * ((int(h) + 7) / 8) * int(n)
	return bytes.Join([][]byte{{0xff, 0xd8}, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{16}, 64)...)),
		components(0xc2, w, h, n), segment(0xc4, append(append([]byte{0, 1}, make([]byte, 15)...), 0)),
		segment(0xda, append(scan, 0, 0, 0)), make([]byte, (blocks+7)/8), {0xff, 0xd9}}, nil)
}

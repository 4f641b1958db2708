// Package picture makes a small JPEG of what a phone sends: upright, at most
// 1280 pixels long and 300 KB large, with nothing in it but its pixels.
//
// The bytes of a JPEG or PNG flow in, a new JPEG flows out, or a refusal that
// says what to do instead. It reads the sizes before it decodes, so that a small
// file cannot unfold into a large memory, and it keeps no byte of what came in:
// no place, no time, no name of a camera, nothing hung on behind the picture.
// Nothing here reads a clock, a file or the network.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"

	"linli/models/fault"
)

// What comes out.
const (
	MaxSide  = 1280 // pixels
	MaxBytes = 300_000
)

// What may come in. The worst of the kinds taken, a progressive JPEG whose
// colours are as fine as its light, needs 15 bytes a pixel to decode: 60 MB.
const (
	maxPixels = 4_000_000
	minSide   = 100 // nobody reads a date in less
)

// Picture is what is kept of a photo.
type Picture struct {
	JPEG          []byte
	Width, Height int
}

// qualities and sides are tried in this order until a picture is small enough:
// letters stay readable longer with coarse colours than with fewer pixels.
var (
	qualities = []int{85, 70, 55, 40}
	sides     = []int{MaxSide, 960, 640}
)

// Shrink makes the small picture. What cannot be read as one still picture, or is
// more than one, is refused.
func Shrink(file []byte) (Picture, error) {
	as, err := look(file)
	if err != nil {
		return Picture{}, err
	}
	c, err := as.config(bytes.NewReader(file))
	switch {
	case err != nil || !slices.Contains(as.models, c.ColorModel):
		return Picture{}, refusal("photo_broken")
	case c.Width > maxPixels || c.Height > maxPixels || c.Width*c.Height > maxPixels:
		return Picture{}, refusal("photo_too_many_pixels")
	case c.Width < minSide || c.Height < minSide:
		return Picture{}, refusal("photo_too_few_pixels")
	}
	whole, err := as.decode(bytes.NewReader(file))
	if err != nil {
		return Picture{}, refusal("photo_broken")
	}
	for _, side := range sides {
		small := scale(whole, side, as.orientation)
		for _, quality := range qualities {
			var out bytes.Buffer
			if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}); err != nil {
				return Picture{}, err
			}
			if out.Len() <= MaxBytes {
				return Picture{JPEG: out.Bytes(), Width: small.Rect.Dx(), Height: small.Rect.Dy()}, nil
			}
		}
	}
	return Picture{}, refusal("photo_broken") // not even noise is as large as this
}

func refusal(why string) error { return fault.New(fault.Invalid, why) }

// kind is how a file is read, and which way up it is.
type kind struct {
	orientation int // as EXIF counts it; 1: as it is
	config      func(r *bytes.Reader) (image.Config, error)
	decode      func(r *bytes.Reader) (image.Image, error)
	// models are the colours that are taken: a JPEG in four inks or in plain red,
	// green and blue comes from no camera, and takes more memory than a photo.
	models []color.Model
}

var (
	jpegKind = kind{
		config: func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
		decode: func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
		models: []color.Model{color.YCbCrModel, color.GrayModel},
	}
	pngKind = kind{
		config: func(r *bytes.Reader) (image.Config, error) {
			c, err := png.DecodeConfig(r)
			if _, ok := c.ColorModel.(color.Palette); ok {
				c.ColorModel = color.RGBAModel // what its few colours are is not asked
			}
			return c, err
		},
		decode: func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		models: []color.Model{color.RGBAModel, color.NRGBAModel, color.GrayModel, color.Gray16Model, color.RGBA64Model, color.NRGBA64Model},
	}
)

// look tells what a file is by following it from its first byte to its last.
func look(file []byte) (kind, error) {
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		orientation, err := walkJPEG(file)
		as := jpegKind
		as.orientation = orientation
		return as, err
	case bytes.HasPrefix(file, []byte(pngSignature)):
		orientation, err := walkPNG(file)
		as := pngKind
		as.orientation = orientation
		return as, err
	}
	return kind{}, refusal("photo_kind")
}

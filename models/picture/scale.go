package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// scale makes a picture upright and no longer than side; each new pixel is the
// exact mean of what it covers, so that small print stays as readable as it can.
// It looks at one row at a time: a second large picture is never in memory.
func scale(src image.Image, side, orientation int) *image.RGBA {
	from := src.Bounds()
	w, h := from.Dx(), from.Dy()
	W, H := fit(w, h, side)
	out := image.NewRGBA(image.Rect(0, 0, W, H))
	if orientation >= 5 { // it lies on its side
		out = image.NewRGBA(image.Rect(0, 0, H, W))
	}
	line := image.NewRGBA(image.Rect(0, 0, w, 1))
	across, sum := make([]uint64, 3*W), make([]uint64, 3*W)
	Y := 0
	for y := range h {
		draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src) // what is seen through is paper
		draw.Draw(line, line.Rect, src, image.Pt(from.Min.X, from.Min.Y+y), draw.Over)
		narrow(line.Pix, w, W, across)
		// In units of 1/(h*H) of the height a row of the old picture covers H, one
		// of the new picture h.
		top, bottom := y*H, (y+1)*H
		if edge := (Y + 1) * h; bottom >= edge {
			add(sum, across, edge-top)
			put(out, sum, uint64(w)*uint64(h), Y, W, H, orientation)
			clear(sum)
			Y, top = Y+1, edge
		}
		add(sum, across, bottom-top)
	}
	return out
}

// fit gives the sides of a picture that is no longer than side.
func fit(w, h, side int) (int, int) {
	long := max(w, h)
	if long <= side {
		return w, h
	}
	return max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
}

// narrow adds up a row of w pixels into W, each weighed by how much of it is
// covered: the weights of a new pixel are w together.
func narrow(pix []uint8, w, W int, into []uint64) {
	clear(into)
	X := 0
	for x := range w {
		p := pix[4*x : 4*x+3 : 4*x+3]
		left, right := x*W, (x+1)*W
		if edge := (X + 1) * w; right >= edge {
			for c, v := range p {
				into[3*X+c] += uint64(v) * uint64(edge-left)
			}
			X, left = X+1, edge
		}
		if right > left {
			for c, v := range p {
				into[3*X+c] += uint64(v) * uint64(right-left)
			}
		}
	}
}

func add(sum, row []uint64, weight int) {
	for i, v := range row {
		sum[i] += v * uint64(weight)
	}
}

// put writes row y of the picture as it lies to where it belongs upright.
func put(out *image.RGBA, sum []uint64, whole uint64, y, W, H, orientation int) {
	for x := range W {
		mean := func(c int) uint8 { return uint8((sum[3*x+c] + whole/2) / whole) }
		to := upright(x, y, W, H, orientation)
		out.SetRGBA(to.X, to.Y, color.RGBA{mean(0), mean(1), mean(2), 255})
	}
}

// upright is where a pixel belongs, by the orientation of EXIF 2.3 (tag 0x0112).
func upright(x, y, W, H, orientation int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(W-1-x, y)
	case 3:
		return image.Pt(W-1-x, H-1-y)
	case 4:
		return image.Pt(x, H-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(H-1-y, x)
	case 7:
		return image.Pt(H-1-y, W-1-x)
	case 8:
		return image.Pt(y, W-1-x)
	}
	return image.Pt(x, y)
}

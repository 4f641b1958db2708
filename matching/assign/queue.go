package assign

// queue is a binary heap, the nearest first. A node whose distance fell is in
// it again; the reader skips the older entry.
type queue []entry

type entry struct {
	distance int64
	node     int32
}

func (q *queue) push(e entry) {
	*q = append(*q, e)
	h, at := *q, len(*q)-1
	for at > 0 {
		above := (at - 1) / 2
		if h[above].distance <= e.distance {
			break
		}
		h[at] = h[above]
		at = above
	}
	h[at] = e
}

func (q *queue) pop() entry {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	at := 0
	for {
		below := 2*at + 1
		if below >= len(h) {
			break
		}
		if below+1 < len(h) && h[below+1].distance < h[below].distance {
			below++
		}
		if last.distance <= h[below].distance {
			break
		}
		h[at] = h[below]
		at = below
	}
	if len(h) > 0 {
		h[at] = last
	}
	return top
}

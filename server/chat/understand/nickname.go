package understand

// PlaceIn reads the address in a name: neighbours of a group call themselves
// "3-2-501 王姐". It is nil where there is none.
func (r *Reader) PlaceIn(name string) *Place {
	l := r.book.fold(name)
	l.hide()
	return l.place()
}

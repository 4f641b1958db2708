package models

// MaxFollowed is how many grids one open stream may follow.
const MaxFollowed = 1000

// Following is what one person may follow at one moment: her present rights
// and the numbers of her grids, read in one snapshot.
type Following struct {
	Epoch string
	Actor Actor // with the state and the roles of that moment
	Grids []FollowedGrid
}

// FollowedGrid is one grid of a Following with the person's reach there.
type FollowedGrid struct {
	GridID   ID
	Seq      int64 // its last number
	FirstSeq int64 // the first number still kept
	OfGrid   bool  // sees what is meant for everybody of the grid
	Worker   bool  // sees what is meant for its workers
	// NoticesOnly: a grid above hers, of which only notices concern her, and the relay
	// points that serve it all.
	NoticesOnly bool
}

// Sees reports whether that person may see the event in this grid.
func (g FollowedGrid) Sees(person ID, e Event) bool {
	if g.NoticesOnly && e.Thing != ThingNotice && e.Thing != ThingRelay {
		return false
	}
	return e.Audience.SeenBy(person, g.OfGrid, g.Worker)
}

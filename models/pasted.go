package models

import "time"

// PastedMessage 群消息: a message of a residents' group chat that a worker pasted in
// and posted. Of who wrote it and what, nothing is kept but a keyed hash, by which
// the same message is known again when the end of the group is pasted once more.
type PastedMessage struct {
	GridID ID     `gorm:"primaryKey"`
	Mark   []byte `gorm:"primaryKey"`
	PostID ID     // the request or offer that came of it
	At     time.Time
}

// PastedFor is how long a message is known again; whoever writes the same a week
// later needs it anew.
const PastedFor = 7 * 24 * time.Hour

// MarkBytes is how long a Mark is.
const MarkBytes = 32

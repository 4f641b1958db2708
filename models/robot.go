package models

import "time"

// RobotState is where a robot stands.
type RobotState string

// A removed robot is never heard of again; its row stays for what it sent.
const (
	RobotOn      RobotState = "on"
	RobotPaused  RobotState = "paused"
	RobotRemoved RobotState = "removed"
)

// What a robot may be told of its habits.
const (
	MinGatherMinutes = 5
	MaxGatherMinutes = 24 * 60
	NoDigest         = 24
	// MaxRobotGrids is how many grids one robot speaks for by name, MaxFollowed how
	// many micro-grids may lie at or below them.
	MaxRobotGrids = 20
)

// Robot 机器人 speaks in one group chat for one or more grids.
type Robot struct {
	ID       ID `gorm:"primaryKey"`
	PersonID ID // as whom its token signs in: no home, no role
	Name     string
	Platform string
	// Settings are what the platform asks for; they are never shown again.
	Settings map[string]string `gorm:"serializer:seal"`
	State    RobotState
	// GatherMinutes is how long needs that are not urgent are gathered for one card.
	GatherMinutes int
	DigestHour    int // in Shanghai; NoDigest for none
	DigestAt      *time.Time
	// NextAt is when it may speak again, by its platform's limits and wishes. A
	// message that failed waits by itself, and others go before it.
	NextAt time.Time
	// Fence counts how often the queue was taken; who took it with an older
	// number may write nothing any more.
	Fence       int64
	LeasedUntil *time.Time
	// Failures in a row, the last one's code, and when; SentAt is the last success.
	Failures  int
	Failure   string
	FailedAt  *time.Time
	SentAt    *time.Time
	CreatedBy ID
	CreatedAt time.Time
	Version   int
}

// RobotGrid binds a robot to a grid and to all below it.
type RobotGrid struct {
	RobotID  ID `gorm:"primaryKey"`
	GridID   ID `gorm:"primaryKey"`
	GridPath string
}

// RobotCursor is how far a robot has read the events of a micro-grid.
type RobotCursor struct {
	RobotID ID `gorm:"primaryKey"`
	GridID  ID `gorm:"primaryKey"`
	Seq     int64
}

// RobotMember is who somebody of a group is: the sender's name on the platform
// only as a keyed hash.
type RobotMember struct {
	RobotID   ID     `gorm:"primaryKey"`
	Sender    []byte `gorm:"primaryKey"`
	PersonID  ID
	CreatedAt time.Time
}

// Pairing is the hash of a code that somebody who is signed in writes to a robot.
type Pairing struct {
	Hash      []byte `gorm:"primaryKey"`
	PersonID  ID
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// InboundState is where a message to a robot stands.
type InboundState string

// A message that was taken and not answered is taken again when it is given back, or
// after a while: its effect has the message's id for a key and happens once. Taken
// with an answer: it has been processed, and the answer is still to be said.
const (
	InboundTaken InboundState = "taken"
	InboundDone  InboundState = "done"
)

// InboundMessage remembers that a platform's message was processed, and the
// answer; never what it said.
type InboundMessage struct {
	ID        ID `gorm:"primaryKey"`
	RobotID   ID
	MessageID string
	State     InboundState
	TakenAt   time.Time
	Answer    string `gorm:"serializer:seal"`
	CreatedAt time.Time
}

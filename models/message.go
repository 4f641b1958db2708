package models

import "time"

// MessageCode is what a message says: one of a few preset sentences, so that no
// number, name or illness can be in it.
type MessageCode string

// 请给中转站回个电话, 请到门口来一下, 请把东西送来.
const (
	MessageRing  MessageCode = "ring"
	MessageDoor  MessageCode = "door"
	MessageBring MessageCode = "bring"
)

// MessageAnswer is the one tap that answers it.
type MessageAnswer string

// 好的, 晚点, 打不了电话.
const (
	AnswerOK     MessageAnswer = "ok"
	AnswerLater  MessageAnswer = "later"
	AnswerCannot MessageAnswer = "cannot"
)

// MessageState is where a message stands.
type MessageState string

// The states of a Message.
const (
	MessageOpen     MessageState = "open"
	MessageAnswered MessageState = "answered"
	MessageOver     MessageState = "over" // no answer in time
)

// MaxMessages is how many messages reach one person in a day.
const MaxMessages = 5

// Message 带话: a worker lets a neighbour know that she is waited for, about one
// thing, and no number is shown to either.
type Message struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID // home micro-grid of whom it is for
	PersonID    ID
	About       Thing // need, match or handover
	AboutID     ID
	AboutGridID ID // home micro-grid of the thing, whose workers hear the answer too
	ItemID      ItemID
	Units       int
	Code        MessageCode
	SentBy      ID
	State       MessageState
	Answer      MessageAnswer
	CreatedAt   time.Time
	DueAt       time.Time // over from then on
	ClosedAt    *time.Time
	Version     int
}

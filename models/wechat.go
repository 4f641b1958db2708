package models

import "time"

// Moment 时刻 is what a subscribe message of WeChat may be about.
type Moment string

// 有着落了, 请送到中转站, 可以来取了, 快到期了, 结束了.
const (
	MomentMatch  Moment = "match"
	MomentDrop   Moment = "drop"
	MomentReady  Moment = "ready"
	MomentLapse  Moment = "lapse"
	MomentClosed Moment = "closed"
)

// Moments are all of them, in the order in which they happen.
var Moments = []Moment{MomentMatch, MomentDrop, MomentReady, MomentLapse, MomentClosed}

// MaxGrants is how many messages of a moment somebody can have allowed at once;
// WeChat itself keeps count, and its word is final.
const MaxGrants = 20

// WechatBinding says whose WeChat account it is. OpenID is sealed; OpenIDIndex
// is a keyed hash for lookup.
type WechatBinding struct {
	PersonID    ID     `gorm:"primaryKey"`
	OpenID      string `gorm:"serializer:seal"`
	OpenIDIndex []byte
	CreatedAt   time.Time
}

// WechatTicketKind says what a ticket may be exchanged for.
type WechatTicketKind string

// An enter ticket travels in an address, so it ends within minutes; a bind ticket
// stays in the app while its holder joins.
const (
	WechatEnter WechatTicketKind = "enter"
	WechatBind  WechatTicketKind = "bind"
)

// WechatTicket stands for one openid that WeChat has just vouched for.
type WechatTicket struct {
	ID        ID `gorm:"primaryKey"`
	Kind      WechatTicketKind
	Hash      []byte
	OpenID    string `gorm:"serializer:seal"`
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time
}

// WechatGrant counts the messages of a moment that somebody still allows.
type WechatGrant struct {
	PersonID ID     `gorm:"primaryKey"`
	Moment   Moment `gorm:"primaryKey"`
	Budget   int
}

// WechatCursor is how far the events of a grid were looked at.
type WechatCursor struct {
	GridID ID `gorm:"primaryKey"`
	Seq    int64
}

// WechatMessageState is where a message stands.
type WechatMessageState string

// The states of a message. Refused: she no longer allows it; failed: WeChat
// does not take it so; over: it came too late or nobody was there for it.
const (
	WechatWaiting WechatMessageState = "waiting"
	WechatSent    WechatMessageState = "sent"
	WechatRefused WechatMessageState = "refused"
	WechatFailed  WechatMessageState = "failed"
	WechatOver    WechatMessageState = "over"
)

// WechatMessage tells one person of one moment of one handover, once. DueAt is
// the next try; whoever tries moves it on, and Tries is the fence.
type WechatMessage struct {
	ID         ID `gorm:"primaryKey"`
	PersonID   ID
	Moment     Moment
	HandoverID ID
	State      WechatMessageState
	Tries      int
	Code       int // WeChat's number of the last failure
	CreatedAt  time.Time
	DueAt      time.Time
	ClosedAt   *time.Time
}

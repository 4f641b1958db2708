// Package models holds the words of Linli: its things, their states, the pure
// transitions between them and the laws that hold after every command.
//
// Values flow in from the store and from use cases, and flow out changed.
// Nothing here reads a clock, a context, a database or the network, and
// nothing outside this package changes a state.
//
// # Glossary
//
//	Grid        网格          node of a tree: city, town, general, ordinary, micro
//	Household   户            an address in one micro-grid, with a door code
//	Person      居民          a member of a household, or staff
//	Role        角色          held on a grid, reaches everything below it
//	Item        品目          a row of the catalogue; models knows only its id
//	Request     求助          a post; its lines are Needs
//	Need        求助的一样    item, quantity, for whom, urgency, needed by
//	Offer       分享          a post; its lines are Lots
//	Lot         分享的一份    item, strength, batch, expiry, quantity, where it lies
//	Box         共享小药箱    the Lots that lie at a relay point
//	Match       匹配          so many units of one Lot for one Need
//	RelayPoint  药物中转站    host, hours, capacity; serves one grid node
//	Handover    交接          the journey of Matches from one household to another
//	Round       送药路线      ordered stops of a worker or volunteer
//	Loan        借用          units of a lent lot are in a home until a day
//	Custody     经手          so many units of a lot went from one hand to another
//	Bag         一整袋        an offer without a list, booked in item by item
//	Recall      召回          an item and batch that nobody may give any more
//	Message     带话          a few preset words from a worker to a neighbour
//	Pasted      群消息        what a worker pasted of a group chat and posted: a blind mark
//	Photo       照片          of a pack, a leaflet or a bag; gone seven days after closing
//	Event       事件          a committed fact, numbered per grid
//	Consent     同意          appended, never overwritten
//	Credential  凭证          session, ticket, door code or invitation, stored hashed
package models

import "time"

// ID names a row. Rows are named by UUIDv7, which is no secret.
type ID = string

// ItemID names a row of the catalogue ("M004").
type ItemID = string

// MaxUnits is the most base units that one line may ask or offer.
const MaxUnits = 1000

// Millis cuts t to what both databases keep: UTC and whole milliseconds.
func Millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

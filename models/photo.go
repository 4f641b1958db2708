package models

import "time"

// PhotoKind says what a photo is for.
type PhotoKind string

// The kinds of a photo: a pack about which the worker is in doubt or which its
// giver shows; the leaflet of a lot that is cut; the bag at a door, never a face.
const (
	PhotoPack    PhotoKind = "pack"
	PhotoLeaflet PhotoKind = "leaflet"
	PhotoBag     PhotoKind = "bag"
)

// MaxPhotos is how many photos of a kind a thing may have.
const MaxPhotos = 3

// PhotoDays is how long a photo is kept after its thing has closed.
const PhotoDays = 7

// Photo is a picture of a lot or of a handover: a small JPEG made of its pixels
// alone. It is where its thing is, and names no grid of its own.
type Photo struct {
	ID        ID `gorm:"primaryKey"`
	Thing     Thing
	ThingID   ID
	Kind      PhotoKind
	PersonID  ID // who took it
	Width     int
	Height    int
	Bytes     int
	CreatedAt time.Time
	GoneAt    *time.Time // set when its thing was found closed
	// Image is read by the one call that shows it; in every list it is empty, and
	// no kept result of a call may hold it.
	Image []byte `gorm:"serializer:seal" json:"-"`
}

// Of reports whether it is a photo of that kind of that thing.
func (p Photo) Of(thing ID, kind PhotoKind) bool { return p.ThingID == thing && p.Kind == kind }

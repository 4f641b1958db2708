package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// photoTypes are what a phone may send; strict refuses all else before it is read.
var photoTypes = []string{"image/jpeg", "image/png"}

// sentPhoto is the file itself: as JSON it would be a third larger, and the limit
// of a body is near.
type sentPhoto struct {
	One
	RawBody []byte `contentType:"image/jpeg"`
}

// Photo says that there is one; its picture is fetched by its id.
type Photo struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind" enum:"pack,leaflet,bag"`
	Width     int       `json:"width"`
	Height    int       `json:"height"`
	CreatedAt time.Time `json:"created_at"`
}

func photoOf(p models.Photo) Photo {
	return Photo{p.ID, string(p.Kind), p.Width, p.Height, p.CreatedAt}
}

func (a *API) photoRoutes() {
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/pack-photos", id: "addPackPhoto", tag: "photos", created: true,
		summary: "Show the pack to the worker"}, a.addPhoto(models.PhotoPack))
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/leaflet-photos", id: "addLeafletPhoto", tag: "photos", created: true,
		summary: "The leaflet, for those who get a cut piece"}, a.addPhoto(models.PhotoLeaflet))
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/bag-photos", id: "addBagPhoto", tag: "photos", created: true,
		summary: "The bag at the door, never a face"}, a.addPhoto(models.PhotoBag))
	handleSilent(a, route{method: http.MethodDelete, path: "/photos/{id}", id: "dropPhoto", tag: "photos", noKey: true,
		summary: "Forget a photo"}, func(ctx context.Context, me models.Actor, in *One) error {
		return a.o.Exchange.DropPhoto(ctx, me, in.ID)
	})
	shown := route{method: http.MethodGet, path: "/photos/{id}", id: "photo", tag: "photos", summary: "The picture, for those whom it concerns"}
	op := publish[One](a, shown)
	op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(64)}}}
	op.Responses = map[string]*huma.Response{"200": {Description: "A JPEG of at most 300 KB", Content: map[string]*huma.MediaType{
		"image/jpeg": {Schema: binary}}}}
	a.huma.OpenAPI().AddOperation(&op)
	a.router.GET(base+ginPath(shown.path), a.photo)
}

var binary = &huma.Schema{Type: huma.TypeString, Format: "binary"}

func (a *API) addPhoto(kind models.PhotoKind) func(context.Context, models.Actor, *sentPhoto) (Photo, error) {
	return func(ctx context.Context, me models.Actor, in *sentPhoto) (Photo, error) {
		p, err := a.o.Exchange.AddPhoto(ctx, me, exchange.NewPhoto{Kind: kind, ThingID: in.ID, File: in.RawBody})
		return photoOf(p), err
	}
}

// photo never changes under its id, but who may see it does: an hour, and no cache
// but that of the one who asked.
func (a *API) photo(c *gin.Context) {
	ctx, id := c.Request.Context(), c.Param("id")
	if !store.ValidID(id) {
		a.fail(c, fault.New(fault.NotFound, "not_found"))
		return
	}
	p, err := a.o.Exchange.Photo(ctx, callOf(ctx).actor, id)
	if err != nil {
		a.fail(c, err)
		return
	}
	c.Header("Cache-Control", "private, max-age=3600")
	c.Data(http.StatusOK, "image/jpeg", p.Image)
}

// strictPhoto leaves the bytes as they came, and a hash of them.
func (a *API) strictPhoto(c *gin.Context, call *call, file []byte) {
	switch {
	case !slices.Contains(photoTypes, c.ContentType()):
		a.fail(c, &edgeError{http.StatusUnsupportedMediaType, fault.New(fault.Invalid, "want_photo")})
	case len(file) == 0:
		a.fail(c, fault.New(fault.Invalid, "photo_kind"))
	default:
		call.hash = hashOf(file)
		keepBody(c, file)
	}
}

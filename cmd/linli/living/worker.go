package living

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// worker is the demo's grid worker.
type worker struct {
	*stage
	token, grid string
}

// worker signs in as the demo's worker.
func (s *stage) worker(ctx context.Context) (*worker, error) {
	var demo struct {
		Personas []struct {
			Key, Role string
			Grid      struct{ ID string }
		}
	}
	var p *Problem
	switch err := s.call(ctx, http.MethodGet, "/demo", "", nil, &demo); {
	case errors.As(err, &p) && p.Status == http.StatusNotFound:
		return nil, ErrNoDemo
	case err != nil:
		return nil, fmt.Errorf("%s does not answer: %w", s.Base, err)
	}
	for _, one := range demo.Personas {
		if one.Role == "worker" {
			var signed struct{ Token string }
			err := s.call(ctx, http.MethodPost, "/demo/"+one.Key+"/session", "", nil, &signed)
			return &worker{stage: s, token: signed.Token, grid: one.Grid.ID}, err
		}
	}
	return nil, ErrNoDemo
}

var doorCards = regexp.MustCompile(`<p class="home">([^<]*)</p><p class="code">([^<]*)</p>`)

// emptyHomes lists the door codes of homes in which nobody lives yet: the worker
// prints the sheet, as for everybody.
func (w *worker) emptyHomes(ctx context.Context) ([]string, error) {
	var homes struct {
		Items []struct {
			Building, Door string
			Residents      int
		}
	}
	if err := w.call(ctx, http.MethodGet, "/households?grid="+w.grid, w.token, nil, &homes); err != nil {
		return nil, err
	}
	var sheet string
	if err := w.call(ctx, http.MethodGet, "/grids/"+w.grid+"/door-sheet", w.token, nil, &sheet); err != nil {
		return nil, err
	}
	codes := map[string]string{}
	for _, card := range doorCards.FindAllStringSubmatch(sheet, -1) {
		codes[html.UnescapeString(card[1])] = card[2]
	}
	var free []string
	for _, h := range homes.Items {
		if code := codes[strings.TrimSpace(h.Building+" "+h.Door)]; code != "" && h.Residents == 0 {
			free = append(free, code)
		}
	}
	return free, nil
}

// approve lets in who claims to live in the grid.
func (w *worker) approve(ctx context.Context) error {
	var claims struct {
		Items []struct{ Person struct{ ID, Name string } }
	}
	if err := w.call(ctx, http.MethodGet, "/claims?limit=100", w.token, nil, &claims); err != nil {
		return err
	}
	for _, c := range claims.Items {
		if !strings.HasPrefix(c.Person.Name, familyName) {
			continue // a real visitor's claim is left to her
		}
		if err := w.call(ctx, http.MethodPost, "/claims/"+c.Person.ID+"/approve", w.token, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// checkIn takes in what somebody has brought, after the four checks; of what is cut
// the leaflet is photographed first.
func (w *worker) checkIn(ctx context.Context, l lot) {
	if w.refused(ctx, w.leaflet(ctx, l)) {
		return
	}
	body := map[string]any{"sealed": true, "readable": true, "in_date": true, "otc": true, "labelled": true, "counted": l.Remaining + l.Reserved,
		"expires_on": l.ExpiresOn, "batch": "示例"}
	if err := w.call(ctx, http.MethodPost, "/lots/"+l.ID+"/check-in", w.token, body, nil); !w.refused(ctx, err) {
		w.tell(&w.sum.CheckedIn, "林月 checks %d × %s in", l.Remaining+l.Reserved, l.Item.Name)
	}
}

func (w *worker) leaflet(ctx context.Context, l lot) error {
	pieces := 0
	for _, m := range l.Matches {
		if m.State == "agreed" || m.State == "moving" {
			pieces++
		}
	}
	if pieces == 0 || pieces == 1 && l.Remaining == 0 {
		return nil
	}
	return w.call(ctx, http.MethodPost, "/lots/"+l.ID+"/leaflet-photos", w.token, sheet(), nil)
}

// sheet is a photo of a leaflet: dark lines on paper.
var sheet = sync.OnceValue(func() photo {
	page := image.NewGray(image.Rect(0, 0, 480, 640))
	for i := range page.Pix {
		page.Pix[i] = 240
		if y := i / 480; y%24 < 3 && y > 40 {
			page.Pix[i] = 60
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, page, nil); err != nil {
		panic(err) // it is written to memory
	}
	return out.Bytes()
})

// give hands over to who shows the code; what has to be cut for it is labelled first.
func (w *worker) give(ctx context.Context, handover, code, name string) {
	if w.refused(ctx, w.label(ctx, handover)) {
		return
	}
	if err := w.call(ctx, http.MethodPost, "/handovers/"+handover+"/give", w.token, map[string]any{"code": code, "adult": true}, nil); !w.refused(ctx, err) {
		w.tell(&w.sum.HandedOver, "%s collects with the code", name)
	}
}

func (w *worker) label(ctx context.Context, handover string) error {
	var h struct {
		Matches []struct {
			LotID   string `json:"lot_id"`
			ToLabel bool   `json:"to_label"`
			Photos  []struct{}
		}
	}
	if err := w.call(ctx, http.MethodGet, "/handovers/"+handover, w.token, nil, &h); err != nil {
		return err
	}
	cut := false
	for _, m := range h.Matches {
		cut = cut || m.ToLabel
		if m.ToLabel && len(m.Photos) == 0 {
			if err := w.call(ctx, http.MethodPost, "/lots/"+m.LotID+"/leaflet-photos", w.token, sheet(), nil); err != nil {
				return err
			}
		}
	}
	if !cut {
		return nil
	}
	return w.call(ctx, http.MethodPost, "/handovers/"+handover+"/label", w.token, nil, nil)
}

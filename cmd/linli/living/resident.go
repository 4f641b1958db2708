package living

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"linli/matching/lab"
	"linli/models"
)

// familyName marks who is played, so that the worker lets in nobody else unseen.
const familyName = "示例住户"

// resident is somebody who is played: she looks at her phone, and does what is due.
type resident struct {
	*stage
	lab.Person
	worker      *worker
	token, name string
	due         map[string]time.Time // what she does when, by what it is about; zero: done, or never
}

// Shapes of the API, as far as they are looked at.
type (
	item  struct{ ID, Name string }
	match struct {
		ID, State, Side string
		HandoverID      string `json:"handover_id"`
		LotID           string `json:"lot_id"`
		Item            item
	}
	need struct {
		ID      string
		Item    item
		Matches []match
	}
	lot struct {
		ID                  string
		State, Place        string
		Item                item
		Remaining, Reserved int
		ExpiresOn           string `json:"expires_on"`
		Matches             []match
	}
	ask struct {
		ID    string
		Item  item
		Helps []item
	}
	page[T any] struct{ Items []T }
)

// moveIn settles the people in empty homes: they scan the door, the worker lets
// them in, and they agree to what one must and to being asked.
func (s *stage) moveIn(ctx context.Context, w *worker) ([]*resident, error) {
	codes, err := w.emptyHomes(ctx)
	if err != nil {
		return nil, err
	}
	var all []*resident
	for i, p := range s.People[:min(len(s.People), len(codes))] {
		r := &resident{stage: s, Person: p, worker: w, name: fmt.Sprintf("%s%d", familyName, i+1), due: map[string]time.Time{}}
		var signed struct{ Token string }
		body := map[string]string{"code": codes[i], "name": r.name, "phone": fmt.Sprintf("139%08d", i)}
		if err := s.call(ctx, http.MethodPost, "/session/door", "", body, &signed); err != nil {
			return nil, fmt.Errorf("%s cannot move in: %w", r.name, err)
		}
		r.token = signed.Token
		all = append(all, r)
	}
	if err := w.approve(ctx); err != nil {
		return nil, err
	}
	for _, r := range all {
		for _, kind := range []string{"terms", "health", "board", "asks", "night"} {
			if err := s.call(ctx, http.MethodPost, "/consents", r.token, map[string]any{"kind": kind, "granted": true}, nil); err != nil {
				return nil, err
			}
		}
		s.sum.Joined++
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no home of the demo's micro-grid is empty any more: start it with a new database")
	}
	return all, nil
}

// live is one look at the phone.
func (r *resident) live(ctx context.Context) {
	now := r.now()
	for len(r.Needs) > 0 && !now.Before(r.Needs[0].CreatedAt) {
		r.post(ctx, r.Needs[0])
		r.Needs = r.Needs[1:]
	}
	for i, d := range r.Drawer {
		if d.Offered && !now.Before(d.CreatedAt) {
			r.Drawer = slices.Delete(r.Drawer, i, i+1)
			var made struct{ Lots []lot }
			if !r.refused(ctx, r.call(ctx, http.MethodPost, "/offers", r.token, map[string]any{"way": "relay", "lots": []any{newLot(d)}}, &made)) && len(made.Lots) > 0 {
				r.tell(&r.sum.Offered, "%s offers %d × %s", r.name, d.Remaining, made.Lots[0].Item.Name)
			}
			break
		}
	}
	r.answer(ctx)
	r.receive(ctx)
	r.bring(ctx)
}

// once reports when what she does about something has come due: the first look
// sets the time, one look after it says yes.
func (r *resident) once(about string, after time.Duration, ever bool) bool {
	at, known := r.due[about]
	switch {
	case !known && !ever:
		r.due[about] = time.Time{}
		return false
	case !known:
		r.due[about] = r.now().Add(after)
		return false
	case at.IsZero() || r.now().Before(at):
		return false
	}
	r.due[about] = time.Time{}
	return true
}

func (r *resident) post(ctx context.Context, n models.Need) {
	line := map[string]any{"item_id": n.ItemID, "quantity": n.Requested, "urgency": n.Urgency, "patient": n.Patient}
	if n.Urgency == models.UrgencyNow {
		line["urgency_why"] = "烧得厉害"
	}
	var made struct{ Needs []need }
	body := map[string]any{"way": "relay", "lines": []any{line}}
	if !r.refused(ctx, r.call(ctx, http.MethodPost, "/requests", r.token, body, &made)) && len(made.Needs) > 0 {
		r.tell(&r.sum.Asked, "%s asks for %d × %s (%s)", r.name, n.Requested, made.Needs[0].Item.Name, n.Urgency)
	}
}

// answer looks into the drawer for what the neighbours are asked.
func (r *resident) answer(ctx context.Context) {
	var asks page[ask]
	if r.refused(ctx, r.call(ctx, http.MethodGet, "/asks", r.token, nil, &asks)) {
		return
	}
	for _, a := range asks.Items {
		if after, reads := r.Answers(a.ID); !r.once(a.ID, after, reads) {
			continue
		}
		body := map[string]any{"answer": "no"}
		at := slices.IndexFunc(r.Drawer, func(d lab.Drawer) bool {
			return d.SayYes && slices.ContainsFunc(append(a.Helps, a.Item), func(i item) bool { return i.ID == d.ItemID })
		})
		if at >= 0 {
			body = map[string]any{"answer": "yes", "way": "relay", "lots": []any{newLot(r.Drawer[at])}}
		}
		if r.refused(ctx, r.call(ctx, http.MethodPost, "/asks/"+a.ID+"/answer", r.token, body, nil)) {
			continue
		}
		said := &r.sum.No
		if at >= 0 {
			said = &r.sum.Yes
			r.Drawer = slices.Delete(r.Drawer, at, at+1)
		}
		r.tell(said, "%s is asked for %s: %s", r.name, a.Item.Name, body["answer"])
	}
}

// receive answers proposals and collects what is ready.
func (r *resident) receive(ctx context.Context) {
	var requests page[struct{ Needs []need }]
	if r.refused(ctx, r.call(ctx, http.MethodGet, "/requests", r.token, nil, &requests)) {
		return
	}
	for _, request := range requests.Items {
		for _, n := range request.Needs {
			for _, m := range n.Matches {
				r.follow(ctx, m)
			}
		}
	}
}

func (r *resident) follow(ctx context.Context, m match) {
	switch m.State {
	case "proposed":
		if after, _ := r.Answers(m.ID); r.once(m.ID, after, true) {
			path, body := "/matches/"+m.ID+"/accept", any(map[string]string{"applies": "no"})
			if r.Declines(m.ID) {
				path, body = "/matches/"+m.ID+"/decline", nil
			}
			if !r.refused(ctx, r.call(ctx, http.MethodPost, path, r.token, body, nil)) && body == nil {
				r.tell(&r.sum.Declined, "%s says no, thank you, to %s", r.name, m.Item.Name)
			}
		}
	case "ready":
		after, comes := r.Collects(m.HandoverID)
		if !r.once("collect "+m.HandoverID, after, comes) {
			return
		}
		var shown struct{ Code string }
		if !r.refused(ctx, r.call(ctx, http.MethodGet, "/handovers/"+m.HandoverID+"/code", r.token, nil, &shown)) {
			r.worker.give(ctx, m.HandoverID, shown.Code, r.name)
		}
	}
}

// bring takes to the relay point what somebody waits for.
func (r *resident) bring(ctx context.Context) {
	var offers page[struct{ Lots []lot }]
	if r.refused(ctx, r.call(ctx, http.MethodGet, "/offers", r.token, nil, &offers)) {
		return
	}
	for _, o := range offers.Items {
		for _, l := range o.Lots {
			agreed := slices.ContainsFunc(l.Matches, func(m match) bool { return m.State == "agreed" || m.State == "moving" })
			if l.Place != "home" || !agreed {
				continue
			}
			if after, comes := r.Brings(l.ID); r.once("bring "+l.ID, after, comes) {
				r.worker.checkIn(ctx, l)
			}
		}
	}
}

// newLot writes a drawer's stock as one types it in; its date is as far ahead of
// today as it was of the scenario's first day.
func newLot(d lab.Drawer) map[string]any {
	days := d.ExpiresOn.DaysAfter(models.DateOf(lab.Start))
	expires := time.Now().AddDate(0, 0, days).In(models.Shanghai).Format(time.DateOnly)
	return map[string]any{"item_id": d.ItemID, "quantity": d.Remaining, "seal": d.Seal, "expires_on": expires}
}

package api_test

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"linli/models/store/storetest"

	"github.com/google/uuid"
)

// inTime is how long a socket may outlive the rights it was opened with.
const inTime = 5 * time.Second

// closed waits for the end of a socket and tells its code.
func (l *listener) closed(t *testing.T) any {
	t.Helper()
	for late := time.After(inTime); ; {
		select {
		case m, open := <-l.queue:
			if !open {
				t.Fatal("the socket broke without a code")
			}
			if m["type"] == "closed" {
				return m["code"]
			}
		case <-late:
			t.Fatal("the socket is still open")
		}
	}
}

func TestLeaving_ClosesTheSocketAndTheDoor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTeller(t, b)
		for _, who := range []string{other, pending} { // with a role and without
			socket := w.listen(t, who)
			if got := w.send(t, who, "DELETE", "/api/v1/people/me", "", "Idempotency-Key", uuid.NewString()); got.status != 204 {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if got := w.send(t, who, "GET", "/api/v1/session", ""); got.status != 401 {
				t.Errorf("still signed in: %d %s", got.status, got.body)
			}
			if code := socket.closed(t); code != 4401 {
				t.Errorf("closed with %v", code)
			}
		}
	})
}

func TestLeaving_CountsWhatIsUnderWayOnEitherSide(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := &scene{world: newWorld(t, b)}
		offered := s.do(t, giver, "/offers", `{"lots":[{"item_id":"M123","quantity":5,"expires_on":"2027-08","seal":"box"}],"way":"relay"}`)
		s.do(t, elder, "/requests", `{"lines":[{"item_id":"M123","quantity":3,"patient":`+plainly+`,"urgency":"today"}],"way":"relay"}`)
		holds := func(who, needs, lots, matches string) {
			t.Helper()
			got := s.send(t, who, "DELETE", "/api/v1/people/me", "")
			var p struct{ Args map[string]string }
			must(t, json.Unmarshal(got.body, &p))
			want := map[string]string{"needs": needs, "lots": lots, "matches": matches, "loans": "0"}
			if got.status != 409 || !maps.Equal(p.Args, want) {
				t.Errorf("%s: %d %s", who, got.status, got.body)
			}
		}
		holds(elder, "1", "0", "1")
		holds(giver, "0", "1", "1")
		lot, _ := dig(offered, ".lots[0].id").(string)
		s.do(t, giver, "/lots/"+lot+"/hand-in", "") // it lies in the box now, and somebody still waits for it
		holds(giver, "0", "0", "1")
	})
}

func TestTakingARole_ClosesTheSocketAndTheGrid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTeller(t, b)
		socket := w.listen(t, worker)
		today := "/api/v1/today?grid=" + w.Micro.ID
		if got := w.send(t, worker, "GET", today, ""); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		path := "/api/v1/grids/" + w.Micro.ID + "/roles/" + w.people[worker].Roles[0].ID
		if got := w.send(t, operator, "DELETE", path, "", "Idempotency-Key", uuid.NewString()); got.status != 204 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if got := w.send(t, worker, "GET", today, ""); got.status != 404 {
			t.Errorf("still a worker: %d %s", got.status, got.body)
		}
		if code := socket.closed(t); code != 4002 {
			t.Errorf("closed with %v", code)
		}
	})
}

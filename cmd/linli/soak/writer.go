package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// writer is somebody who writes at a steady pace, and remembers what was
// acknowledged.
type writer struct {
	token  string
	list   string          // where all of its writes can be read
	acked  map[string]bool // ids
	posts  int
	open   string // the last line asked for, which the next write closes
	failed error
}

// call is one unsafe call; it is made with the same key until it is answered.
type call struct {
	path string
	body []byte
}

// next is the writer's next write. To soak something else, change this and
// list.
func (w *writer) next() call {
	return call{"/requests", []byte(`{"way":"relay","lines":[{"item_id":"M123","quantity":1,"urgency":"days","patient":{"age":"adult"}}]}`)}
}

// after is what tidies up behind a write, so that a soak of any length plans
// only what is new; nil for nothing.
func (w *writer) after() *call {
	if w.open == "" {
		return nil
	}
	return &call{"/needs/" + w.open + "/cancel", nil}
}

// write goes on until load ends; what is under way is brought to its end.
func (w *writer) write(ctx, load context.Context, s *soak, pace time.Duration, random *rand.Rand) {
	tick := time.NewTicker(max(pace, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-load.Done():
			return
		case <-tick.C:
		}
		if tidy := w.after(); tidy != nil {
			if _, err := w.settle(ctx, s, *tidy, random); err != nil {
				w.failed = err
				return
			}
			w.open = ""
		}
		w.posts++
		made, err := w.settle(ctx, s, w.next(), random)
		if err != nil {
			w.failed = err
			return
		}
		w.acked[made.ID] = true
		if len(made.Needs) > 0 {
			w.open = made.Needs[0].ID
		}
	}
}

// made is what a write has made.
type made struct {
	ID    string
	Needs []struct{ ID string }
}

// answerWait is how long one call may go without an answer, over all tries.
const answerWait = 5 * time.Minute

// settle makes a call until it is answered: by yes, or by a clear no, which
// ends the soak.
func (w *writer) settle(ctx context.Context, s *soak, c call, random *rand.Rand) (made, error) {
	key := uuid.NewString()
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	for {
		s.counts.tries.Add(1)
		status, answer, err := s.post(ctx, s.address(random), w.token, key, c)
		switch {
		case ctx.Err() != nil:
			return made{}, fmt.Errorf("%s is never answered: %w; the last answer was %d %s %v", c.path, ctx.Err(), status, answer, err)
		case err == nil && status < 300:
			var m made
			return m, json.Unmarshal(answer, &m)
		case err == nil && status < 500 && status != http.StatusConflict && status != http.StatusTooManyRequests:
			return made{}, fmt.Errorf("%s: %d %s", c.path, status, answer)
		}
		select {
		case <-ctx.Done():
			return made{}, fmt.Errorf("%s is never answered: %w", c.path, ctx.Err())
		case <-time.After(50*time.Millisecond + time.Duration(random.IntN(200))*time.Millisecond):
		}
	}
}

// httpClient gives a stuck call up: the key finds out what became of it.
var httpClient = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func (s *soak) post(ctx context.Context, base, token, key string, c call) (int, []byte, error) {
	return s.do(ctx, http.MethodPost, base+"/api/v1"+c.path, token, key, c.body)
}

func (s *soak) do(ctx context.Context, method, url, token, key string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := httpClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, answer, err
}

// there lists the ids of all that the writer has written, page by page.
func (w *writer) there(ctx context.Context, s *soak, base string) (map[string]int, error) {
	found := map[string]int{}
	cursor := ""
	for {
		status, answer, err := s.do(ctx, http.MethodGet, base+"/api/v1"+w.list+"?limit=100&cursor="+cursor, w.token, "", nil)
		if err != nil || status != http.StatusOK {
			return nil, fmt.Errorf("list %s: %d %w: %s", w.list, status, err, answer)
		}
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		if err := json.Unmarshal(answer, &page); err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			found[row.ID]++
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
}

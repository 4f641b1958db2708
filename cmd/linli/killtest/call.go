package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// post is one unsafe call with its key; the same body goes with it each time.
type post struct {
	token, path, key string
	body             []byte
	status           int
	id               string
}

// done reports whether an answer ended the call: a yes, or a clear no.
func (p *post) done() bool {
	return p.status >= 200 && p.status < 500 && p.status != http.StatusConflict && p.status != http.StatusTooManyRequests
}

// items that need no facts about a person.
var items = []string{"M123", "M124", "M125", "M018", "M137", "M078"}

// act asks and offers until the load ends.
func (r *round) act(ctx context.Context, token string, random *rand.Rand) {
	for ctx.Err() == nil {
		item := items[random.IntN(len(items))]
		p := &post{token: token, key: uuid.NewString()}
		if random.IntN(2) == 0 {
			p.path = "/requests"
			p.body = fmt.Appendf(nil, `{"way":"relay","lines":[{"item_id":%q,"quantity":%d,"urgency":"today","patient":{"age":"adult"}}]}`,
				item, 1+random.IntN(2))
		} else {
			p.path = "/offers"
			p.body = fmt.Appendf(nil, `{"way":"relay","lots":[{"item_id":%q,"quantity":%d,"seal":"box","expires_on":"2030-01"}]}`,
				item, 1+random.IntN(5))
		}
		r.mu.Lock()
		r.calls = append(r.calls, p)
		r.mu.Unlock()
		if err := r.send(ctx, p); err != nil {
			return // killed in the middle: settled after the restart
		}
	}
}

// send makes the call once; an error means that no answer came.
func (r *round) send(ctx context.Context, p *post) error {
	answer, status, err := r.do(ctx, http.MethodPost, p.path, p.token, p.key, p.body)
	if err != nil {
		return err
	}
	if status >= 500 {
		return fmt.Errorf("%s answered %d: %s", p.path, status, answer)
	}
	p.status = status
	if status == http.StatusCreated {
		var made struct{ ID string }
		if err := json.Unmarshal(answer, &made); err != nil {
			return err
		}
		p.id = made.ID
	}
	return nil
}

func (r *round) do(ctx context.Context, method, path, token, key string, body []byte) ([]byte, int, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+r.addr+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return answer, res.StatusCode, err
}

// list reads all of a person's posts, page by page.
func (r *round) list(ctx context.Context, token, path string) (map[string]bool, error) {
	there := map[string]bool{}
	cursor := ""
	for {
		answer, status, err := r.do(ctx, http.MethodGet, path+"?limit=100&cursor="+cursor, token, "", nil)
		if err != nil || status != http.StatusOK {
			return nil, fmt.Errorf("list %s: %d %w: %s", path, status, err, answer)
		}
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		if err := json.Unmarshal(answer, &page); err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			there[row.ID] = true
		}
		if cursor = page.Next; cursor == "" {
			return there, nil
		}
	}
}

// findGrids learns the ids of the micro-grids as an operator would.
func (r *round) findGrids(ctx context.Context) error {
	file, err := r.linli(ctx, "grids", "--level", "micro")
	if err != nil {
		return err
	}
	for line := range strings.Lines(file) {
		id, _, _ := strings.Cut(line, "\t")
		r.grids = append(r.grids, id)
	}
	return nil
}

// mint makes new neighbours, half in each micro-grid.
func (r *round) mint(ctx context.Context) ([]string, error) {
	var tokens []string
	for _, grid := range r.grids {
		out, err := r.linli(ctx, "token", "mint", "--role", "resident", "--grid", grid, "--count", strconv.Itoa(r.callers/len(r.grids)))
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) == 3 {
				tokens = append(tokens, fields[2])
			}
		}
	}
	return tokens, nil
}

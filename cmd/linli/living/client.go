package living

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// client speaks the API of one server.
type client struct {
	base string // without a slash at the end
	http *http.Client
}

// Problem is a refusal by the server, by its reason.
type Problem struct {
	Status int
	Reason string
	Title  string
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s %s", p.Status, p.Reason, p.Title)
}

// tries is how often a call without an answer is made, always with its key.
const tries = 4

// answerLimit bounds what is read of one answer.
const answerLimit = 4 << 20

// photo is a body that is no JSON.
type photo []byte

// call makes one call and reads its answer into into, which may be nil, *string for
// a page, or what JSON is read into. A call without an answer, or one that came too
// soon, is made again.
func (c *client) call(ctx context.Context, method, path, token string, body, into any) error {
	sent, kind := []byte(nil), "application/json"
	if picture, is := body.(photo); is {
		sent, kind = picture, "image/jpeg"
	} else if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	key := uuid.NewString()
	var err error
	for n := range tries {
		var again bool
		if again, err = c.once(ctx, method, path, token, key, kind, sent, into); err == nil || !again {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second << n):
		}
	}
	return err
}

func (c *client) once(ctx context.Context, method, path, token, key, kind string, body []byte, into any) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Accept-Language", "en")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if method != http.MethodGet {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return true, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return true, err
	}
	if res.StatusCode >= 400 {
		p := &Problem{Status: res.StatusCode}
		if json.Unmarshal(text, p) != nil || p.Title == "" {
			p.Title = strings.TrimSpace(string(text[:min(len(text), 80)]))
		}
		p.Status = res.StatusCode
		return p.Status >= 500 || p.Status == http.StatusTooManyRequests, p
	}
	switch into := into.(type) {
	case nil:
		return false, nil
	case *string:
		*into = string(text)
		return false, nil
	}
	return false, json.Unmarshal(text, into)
}

// Package living plays the people of a scenario against a running demo server, in
// real time made faster, so that a stranger sees a neighbourhood that lives.
//
// A scenario's people and a server's address flow in. They move into empty homes of
// the demo worker's micro-grid by their door codes, ask, offer, answer, bring and
// collect over the same API as the web app; the worker lets them in, checks and hands
// over. Lines of what happened and a Summary flow out. The package never touches a
// database, and nobody plays against a server that is no demo.
package living

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"linli/matching/lab"
)

// Play is one play.
type Play struct {
	Base   string  // of the server: http://localhost:8080
	Speed  float64 // virtual seconds in a real one
	Days   int     // virtual; then it ends
	People []lab.Person
	Log    io.Writer // a line for everything that happens
}

// Summary counts what happened.
type Summary struct {
	Joined, Asked, Offered, Yes, No, Declined, CheckedIn, HandedOver int
	Refused                                                          map[string]int // by reason
}

// ErrNoDemo says that this is a real place, where nobody plays.
var ErrNoDemo = errors.New("this server is no demo (start one with: linli serve --demo)")

// stage is what all share: the clock, the log and the counts.
type stage struct {
	Play
	*client
	began time.Time

	mu  sync.Mutex
	sum Summary
}

// look is how often somebody looks at her phone, in real time.
const look = 300 * time.Millisecond

// Run plays until the days are over or ctx ends; then the summary is what there is.
func Run(ctx context.Context, play Play) (Summary, error) {
	s := &stage{Play: play, client: &client{base: strings.TrimRight(play.Base, "/"), http: &http.Client{Timeout: 20 * time.Second}},
		sum: Summary{Refused: map[string]int{}}}
	w, err := s.worker(ctx)
	if err != nil {
		return s.sum, err
	}
	residents, err := s.moveIn(ctx, w)
	if err != nil {
		return s.sum, err
	}
	s.began = time.Now()
	ctx, stop := context.WithTimeout(ctx, time.Duration(float64(play.Days)*24*float64(time.Hour)/play.Speed))
	defer stop()
	var all sync.WaitGroup
	for _, r := range residents {
		all.Go(func() { s.every(ctx, r.live) })
	}
	all.Wait()
	return s.sum, nil
}

// every looks again and again, until the play is over.
func (s *stage) every(ctx context.Context, do func(context.Context)) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		do(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// now is the virtual time.
func (s *stage) now() time.Time {
	return lab.Start.Add(time.Duration(float64(time.Since(s.began)) * s.Speed))
}

// tell writes a line of what happened, and counts it.
func (s *stage) tell(count *int, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*count++
	at := s.now().Sub(lab.Start)
	fmt.Fprintf(s.Log, "day %d %02d:%02d  %s\n", 1+int(at.Hours())/24, int(at.Hours())%24, int(at.Minutes())%60, fmt.Sprintf(format, args...))
}

// refused counts what the server said no to; people shrug, and go on.
func (s *stage) refused(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return err != nil
	}
	reason := "no answer"
	var p *Problem
	if errors.As(err, &p) {
		reason = fmt.Sprint(p.Status)
		if p.Reason != "" {
			reason = p.Reason
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum.Refused[reason]++
	return true
}

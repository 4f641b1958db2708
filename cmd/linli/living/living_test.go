package living_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"

	"linli/cmd/linli/living"
	"linli/matching/lab"
	"linli/models/store/storetest"
	"linli/server"
	"linli/server/config"
	"linli/server/demo"
	"linli/server/registry"
)

// serve starts a server on a free port, with the example or without it.
func serve(t *testing.T, example bool) string {
	t.Helper()
	b := storetest.SQLite(t)
	r := registry.New(b.Store)
	if err := r.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if example {
		if err := demo.Load(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
	} else {
		b.Place(t)
	}
	srv, err := server.New(config.Serve{Addr: "localhost:8080", Lanes: 2, Demo: example}, b.Store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

// lively is a street in which everybody is ill, has something and keeps her word.
func lively(t *testing.T) lab.Scenario {
	t.Helper()
	s, err := lab.Named("street")
	if err != nil {
		t.Fatal(err)
	}
	s.Homes, s.Attack, s.Lacks, s.Stock, s.Offers = 12, 0.9, 0.9, 8, 1
	s.GiverNoShow, s.ReceiverNoShow, s.Declines, s.DropOffHours, s.CollectHours = 0, 0, 0, 0.2, 0.2
	return s
}

func TestRun_ANeighbourhoodLivesOverTheAPI(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := lively(t)
	ctx, enough := context.WithCancel(t.Context())
	defer enough()
	sum, err := living.Run(ctx, living.Play{Base: serve(t, true), Speed: 12_000, Days: 2, People: lab.People(s, 3, 12),
		Log: &until{&log, []string{"氨溴索 in", "collects"}, enough}})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Joined != 12 || sum.Asked == 0 || sum.Offered == 0 || sum.CheckedIn == 0 || sum.HandedOver == 0 {
		t.Errorf("%+v\n%s", sum, log.String())
	}
	if !strings.Contains(log.String(), "氨溴索 in") || sum.Refused["check_failed"] > 0 { // what is brought is good, and what is cut has its leaflet
		t.Errorf("%+v", sum.Refused)
	}
}

// until ends the play when some words were written, one after the other.
type until struct {
	*bytes.Buffer
	words []string
	stop  func()
}

func (u *until) Write(p []byte) (int, error) {
	if len(u.words) > 0 && strings.Contains(string(p), u.words[0]) {
		if u.words = u.words[1:]; len(u.words) == 0 {
			u.stop()
		}
	}
	return u.Buffer.Write(p)
}

func TestRun_NobodyPlaysInARealPlace(t *testing.T) {
	t.Parallel()
	_, err := living.Run(t.Context(), living.Play{Base: serve(t, false), Speed: 1000, Days: 1, People: lab.People(lively(t), 1, 2), Log: &bytes.Buffer{}})
	if !errors.Is(err, living.ErrNoDemo) {
		t.Errorf("%v", err)
	}
}

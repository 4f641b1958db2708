package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/jobs"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The throw-away server of pgtemp is waited for as long as the process lives.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).writerDescriptor.func1"))
}

const (
	patience = 30 * time.Second
	life     = 500 * time.Millisecond
)

// shift is one process that stands for the job.
type shift struct {
	name   string
	stop   func()
	called chan int64 // the fencing number of each call
}

// diary notes who is at it.
type diary struct {
	mu      sync.Mutex
	at, max int
}

func (d *diary) enter(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at += n
	d.max = max(d.max, d.at)
}

// stand runs a process that does the job over and over. A job holds on to what
// it does until its context ends, as a long one would.
func stand(t *testing.T, s *store.Store, name string, d *diary) *shift {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	sh := &shift{name: name, called: make(chan int64, 100)}
	go func() {
		defer close(done)
		jobs.Run(ctx, jobs.Options{Store: s, Log: slog.New(slog.DiscardHandler), Lease: "test", Holder: name, Life: life},
			jobs.Job{Name: "work", Every: 10 * time.Millisecond, Do: func(ctx context.Context, fence int64) error {
				d.enter(1)
				defer d.enter(-1)
				select {
				case sh.called <- fence:
				default:
				}
				<-ctx.Done()
				return ctx.Err()
			}})
	}()
	sh.stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	t.Cleanup(sh.stop)
	return sh
}

func (s *shift) wait(t *testing.T) int64 {
	t.Helper()
	select {
	case fence := <-s.called:
		return fence
	case <-time.After(patience):
		t.Fatalf("%s is never called", s.name)
		return 0
	}
}

func TestRun_OneInstanceAtATimeAndAnotherWhenItGoes(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	var d diary
	first := stand(t, b.Store, "first", &d)
	if fence := first.wait(t); fence != 1 {
		t.Errorf("the first fence is %d", fence)
	}
	var others []*shift
	for i := range 4 {
		others = append(others, stand(t, storetest.Open(t, b.Database).Store, fmt.Sprint("other ", i), &d))
	}
	<-time.After(3 * life) // long enough for a lease that is not prolonged to end
	for _, o := range others {
		if len(o.called) > 0 {
			t.Errorf("%s works beside the first", o.name)
		}
	}
	began := time.Now()
	first.stop()
	second := make(chan int64, len(others))
	for _, o := range others {
		go func() {
			select {
			case fence := <-o.called:
				second <- fence
			case <-t.Context().Done():
			}
		}()
	}
	select {
	case fence := <-second:
		t.Logf("replaced after %s", time.Since(began))
		if fence != 2 {
			t.Errorf("the second fence is %d", fence)
		}
	case <-time.After(patience):
		t.Fatal("nobody takes over")
	}
	for _, o := range others {
		o.stop()
	}
	if d.max != 1 {
		t.Errorf("%d worked at once", d.max)
	}
}

// A process that is killed gives nothing back: its lease runs out.
func TestRun_WhoIsKilledIsReplaced(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	if fence, err := b.Store.TakeLease(t.Context(), "test", "killed", 2*life); err != nil || fence != 1 {
		t.Fatal(fence, err)
	}
	began := time.Now()
	if fence := stand(t, b.Store, "heir", &diary{}).wait(t); fence != 2 {
		t.Errorf("fence %d", fence)
	}
	if took := time.Since(began); took < life {
		t.Errorf("the lease was taken away after %s", took)
	}
}

func TestRun_WhoLostTheLeaseStopsAndIsFencedOff(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	var d diary
	sleeper := stand(t, b.Store, "sleeper", &d)
	old := sleeper.wait(t)
	fenced := func(fence int64) error {
		return b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.Fenced("test", fence) })
	}
	if err := fenced(old); err != nil {
		t.Fatal(err)
	}
	// As if it had slept beyond its lease: another one is written down.
	if err := b.Store.EndLease(t.Context(), "test", "sleeper"); err != nil {
		t.Fatal(err)
	}
	var now int64
	for now == 0 { // it may prolong its own in between
		var err error
		if now, err = b.Store.TakeLease(t.Context(), "test", "another", time.Hour); err != nil {
			t.Fatal(err)
		}
		if now == 0 {
			if err := b.Store.EndLease(t.Context(), "test", "sleeper"); err != nil {
				t.Fatal(err)
			}
		}
	}
	late := time.After(patience)
	for often := time.Tick(time.Millisecond); ; {
		d.mu.Lock()
		at := d.at
		d.mu.Unlock()
		if at == 0 {
			break
		}
		select {
		case <-often:
		case <-late:
			t.Fatal("it goes on without a lease")
		}
	}
	if err := fenced(old); !fault.Is(err, fault.Conflict) {
		t.Errorf("a stale number passes: %v", err)
	}
	if err := fenced(now); err != nil {
		t.Error(err)
	}
}

// On SQLite there is one process, and a restart need not wait.
func TestRun_OnSQLiteTheLastToStartHasIt(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	if fence, err := b.Store.TakeLease(t.Context(), "test", "killed", time.Hour); err != nil || fence != 1 {
		t.Fatal(fence, err)
	}
	if fence := stand(t, b.Store, "next", &diary{}).wait(t); fence != 2 {
		t.Errorf("fence %d", fence)
	}
}

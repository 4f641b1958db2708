// Command pushbench measures the live sockets against a bare hub of the same
// library: a map of rooms, a channel for each socket, one prepared frame for all.
//
//	go run ./server/push/pushbench
//
// Ours signs everybody in, asks the store for her rights, pings, and follows
// the grids above too; the bare hub does none of it. The clients are a process
// of their own, so that processor and memory are the server's alone. Publishing
// is a committed write: it is left out where hubs are compared, and then
// counted in and reported apart.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"
)

// The aims.
const (
	aimRate   = 0.9
	aimCPU    = 1.2
	aimDelay  = 10 * time.Millisecond
	aimSocket = 12 << 10
	paced     = 10_000 // deliveries a second
	heartbeat = 10 * time.Second
	aheadEach = 2 // events under way for each grid
)

type bench struct {
	town    *town
	dir     string
	windows int
	window  time.Duration
	missed  bool
}

func main() {
	crowd := flag.Bool("crowd", false, "be the clients (started by the program itself)")
	grids := flag.Int("grids", 200, "micro-grids of fifty sockets")
	windows := flag.Int("windows", 5, "measurements of each side; the median counts")
	seconds := flag.Int("seconds", 2, "of each measurement")
	flag.Parse()
	debug.SetGCPercent(200) // as linli serve does
	debug.SetMemoryLimit(2 << 30)
	if *crowd {
		if err := runCrowd(); err != nil {
			fmt.Fprintln(os.Stderr, "pushbench, the crowd:", err)
			os.Exit(1)
		}
		return
	}
	missed, err := run(*grids, *windows, time.Duration(*seconds)*time.Second)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pushbench:", err)
	}
	if err != nil || missed {
		os.Exit(1)
	}
}

func run(grids, windows int, window time.Duration) (missed bool, err error) {
	dir, err := os.MkdirTemp("", "pushbench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	begun := time.Now()
	town, err := build(context.Background(), dir, grids)
	if err != nil {
		return false, err
	}
	defer town.store.Close()
	fmt.Printf("%d people in %d grids, in %v\n", len(town.tokens), grids, time.Since(begun).Round(time.Second))
	b := &bench{town: town, dir: dir, windows: windows, window: window}
	for _, measure := range []func() error{b.hubs, b.committed, b.stuck} {
		if err := measure(); err != nil {
			return b.missed, err
		}
	}
	return b.missed, nil
}

// judge prints a figure beside its aim.
func (b *bench) judge(name string, format string, figure, aim float64, atLeast bool) {
	verdict := ""
	if atLeast && figure < aim || !atLeast && figure > aim {
		verdict, b.missed = "  MISSED", true
	}
	fmt.Printf("%-58s "+format+" (aim "+format+")%s\n", name, figure, aim, verdict)
}

// rate is one measurement of a hub.
type rate struct{ perSecond, cpu float64 }

// hubs compares what both hubs deliver when events are handed in, in the order
// ours, bare, bare, ours.
func (b *bench) hubs() error {
	var ours, bare []rate
	for turn, own := range []bool{true, false, false, true} {
		var s *side
		var err error
		debug.FreeOSMemory()
		before := resident()
		if own {
			s, err = b.town.ours(false, false)
		} else {
			s, err = b.town.bare()
		}
		if err != nil {
			return err
		}
		begun := time.Now()
		c, err := gather(s, b.town.tokens, 0, "")
		if err != nil {
			return err
		}
		fmt.Printf("%d sockets in %v\n", s.sockets(), time.Since(begun).Round(100*time.Millisecond))
		if turn >= 2 { // what the process needs once, for any number of sockets, is there
			b.idle(own, before, s.sockets())
		}
		measured, err := b.deliver(s, c)
		if err != nil {
			return err
		}
		if own {
			ours = append(ours, measured...)
		} else {
			bare = append(bare, measured...)
		}
		s.stop()
		if err := c.leave(); err != nil {
			return err
		}
	}
	o, t := median(ours), median(bare)
	fmt.Printf("ours %.0f deliveries/s at %.2f µs of CPU each; the bare hub %.0f at %.2f\n", o.perSecond, o.cpu, t.perSecond, t.cpu)
	b.judge("deliveries a second against the bare hub", "%.2f", o.perSecond/t.perSecond, aimRate, true)
	b.judge("CPU per delivery against the bare hub", "%.2f", o.cpu/t.cpu, aimCPU, false)
	return nil
}

// idle reports what a socket holds that only waits. What handshakes have left
// to the collector is not a socket's: it is collected first.
func (b *bench) idle(own bool, before int64, sockets int) {
	time.Sleep(2*heartbeat + time.Second) // until they are idle
	asItIs := resident() - before
	runtime.GC()
	debug.FreeOSMemory()
	each := float64(resident()-before) / float64(sockets)
	if own {
		b.judge("resident bytes per idle socket", "%.0f", each, aimSocket, false)
	} else {
		fmt.Printf("the bare hub: %.0f bytes per idle socket\n", each)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("  (in all %d MB of heap, %d MB of stacks; %.0f bytes each before the collector has run)\n", m.HeapAlloc>>20, m.StackInuse>>20, float64(asItIs)/float64(sockets))
}

// deliver publishes over all grids without getting far ahead of what was received.
func (b *bench) deliver(s *side, c *clients) (measured []rate, err error) {
	total, ahead := int64(0), int64(aheadEach*len(b.town.grids))
	base := c.count()
	for range b.windows {
		runtime.GC()
		used, begun, from := cpu(), time.Now(), total
		for time.Since(begun) < b.window {
			for range 50 {
				s.publish(b.town.grids[total%int64(len(b.town.grids))])
				total++
			}
			if err := c.wait(base + (total-ahead)*perGrid); err != nil {
				return nil, err
			}
		}
		if err := c.wait(base + total*perGrid); err != nil {
			return nil, err
		}
		n := float64((total - from) * perGrid)
		measured = append(measured, rate{n / time.Since(begun).Seconds(), (cpu() - used).Seconds() * 1e6 / n})
	}
	return measured, nil
}

func median(all []rate) rate {
	var perSecond, used []float64
	for _, r := range all {
		perSecond, used = append(perSecond, r.perSecond), append(used, r.cpu)
	}
	slices.Sort(perSecond)
	slices.Sort(used)
	return rate{perSecond[len(all)/2], used[len(all)/2]}
}

// committed publishes by committed writes, through hook and feed: how long it
// takes from the commit to the client at a steady rate, and how much goes.
func (b *bench) committed() error {
	s, c, clock, err := b.wired(b.town.tokens, 0, false)
	if err != nil {
		return err
	}
	commits, err := b.steadily(len(b.town.grids), 5*b.window)
	if err != nil {
		return err
	}
	steady := time.Now().UnixNano()
	base, used, begun := c.count(), cpu(), time.Now()
	n, err := b.flatOut(2 * b.window)
	if err != nil {
		return err
	}
	if err := c.wait(base + n*perGrid); err != nil {
		return err
	}
	each := float64(n * perGrid)
	whole := rate{each / time.Since(begun).Seconds(), (cpu() - used).Seconds() * 1e6 / each}
	delays, err := b.end(s, c, clock, func(a arrival) bool { return a.At < steady })
	if err != nil {
		return err
	}
	fmt.Printf("at %d deliveries/s: commit p50 %v, p99 %v; commit → received p50 %v, p90 %v, p99 %v of %d\n", paced,
		part(commits, 0.5), part(commits, 0.99), part(delays, 0.5), part(delays, 0.9), part(delays, 0.99), len(delays))
	b.judge("p99 commit → received, ms", "%.1f", ms(part(delays, 0.99)), ms(aimDelay), false)
	fmt.Printf("publishing counted in: %.0f committed notices/s, %.0f deliveries/s, %.2f µs of CPU per delivery\n",
		whole.perSecond/perGrid, whole.perSecond, whole.cpu)
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// wired starts our side with the real way of events, and a crowd.
func (b *bench) wired(tokens []string, stuck int, small bool) (*side, *clients, *clockwork, error) {
	s, err := b.town.ours(true, small)
	if err != nil {
		return nil, nil, nil, err
	}
	clock := &clockwork{at: map[string]map[uint32]int64{}}
	hint := *b.town.hook.Load()
	hook := func(events []models.Event) {
		clock.note(events)
		hint(events)
	}
	b.town.hook.Store(&hook)
	c, err := gather(s, tokens, stuck, filepath.Join(b.dir, "arrivals"))
	return s, c, clock, err
}

// end stops both and gives the delays of the arrivals that count.
func (b *bench) end(s *side, c *clients, clock *clockwork, counts func(arrival) bool) ([]time.Duration, error) {
	s.stop()
	if err := c.leave(); err != nil {
		return nil, err
	}
	all, err := c.arrivals()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a arrival) bool { return !counts(a) })
	return clock.delays(b.town, all), nil
}

// steadily commits notices at the pace, over the first grids, and tells how
// long each commit took.
func (b *bench) steadily(grids int, d time.Duration) (took []time.Duration, err error) {
	var all sync.WaitGroup
	var mu sync.Mutex
	failed := make(chan error, 1)
	pace := time.NewTicker(time.Second * perGrid / paced)
	defer pace.Stop()
	for begun, n := time.Now(), 0; time.Since(begun) < d; n++ {
		<-pace.C
		all.Go(func() {
			begun := time.Now()
			if err := b.town.tellers[n%grids].tell(context.Background()); err != nil {
				select {
				case failed <- err:
				default:
				}
			}
			mu.Lock()
			took = append(took, time.Since(begun))
			mu.Unlock()
		})
	}
	all.Wait()
	select {
	case err = <-failed:
	case <-time.After(time.Second): // what is under way arrives
	}
	slices.Sort(took)
	return took, err
}

// flatOut lets 32 callers commit as fast as they can.
func (b *bench) flatOut(d time.Duration) (int64, error) {
	var n atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, 32)
	begun := time.Now()
	for i := range errs {
		all.Go(func() {
			for k := i; time.Since(begun) < d && errs[i] == nil; k += len(errs) {
				if errs[i] = b.town.tellers[k%len(b.town.tellers)].tell(context.Background()); errs[i] == nil {
					n.Add(1)
				}
			}
		})
	}
	all.Wait()
	return n.Load(), errors.Join(errs...)
}

// stuck lets a fifth of the sockets never read, and looks at the others.
func (b *bench) stuck() error {
	tokens := b.town.tokens[:len(b.town.tokens)/2]
	readers := len(tokens) * 4 / 5
	var p99 [2]time.Duration
	var held [2]int64
	for i, n := range []int{readers, len(tokens)} {
		s, c, clock, err := b.wired(tokens[:n], n-readers, true)
		if err != nil {
			return err
		}
		if _, err := b.steadily(n/perGrid, 8*b.window); err != nil {
			return err
		}
		open := s.sockets()
		held[i] = resident()
		delays, err := b.end(s, c, clock, func(a arrival) bool { return int(a.Socket) < readers })
		if err != nil {
			return err
		}
		p99[i] = part(delays, 0.99)
		fmt.Printf("%d readers and %d who never read: p50 %v, p99 %v; %d sockets at the end, %d MB resident\n",
			readers, n-readers, part(delays, 0.5), p99[i], open, held[i]>>20)
	}
	b.judge("p99 with those who never read, against without", "%.2f", ms(p99[1])/ms(p99[0]), 2, false)
	b.judge("MB more resident", "%.0f", float64(held[1]-held[0])/(1<<20), 64, false)
	return nil
}

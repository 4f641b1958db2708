// Command soak runs three instances under load and breaks everything that can
// break, to see whether a client ever misses or doubles an event.
//
// It starts the built program three times on a PostgreSQL and a NATS cluster,
// opens sockets by the thousand and lets writers write at a steady rate. Every
// few seconds an instance is killed with SIGKILL; NATS is stopped and wiped,
// and PostgreSQL restarted as after a crash. In the end the events that each
// client received are held against the table, filtered by what that client may
// see, and every acknowledged write must be there, once. The seed is printed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"linli/cmd/linli/fleet"
)

// options of one soak.
type options struct {
	program                                     string
	span, killEvery                             time.Duration
	instances, sockets, grids, writers, workers int
	rate                                        float64
	seed                                        uint64
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "bin/linli", "the built program")
	flag.DurationVar(&o.span, "for", 5*time.Minute, "how long")
	flag.DurationVar(&o.killEvery, "kill", 10*time.Second, "how often an instance is killed")
	flag.IntVar(&o.instances, "instances", 3, "processes")
	flag.IntVar(&o.sockets, "sockets", 2000, "open streams")
	flag.IntVar(&o.grids, "grids", 20, "micro-grids in which they live")
	flag.IntVar(&o.workers, "workers", 10, "of the sockets: those that follow every grid")
	flag.IntVar(&o.writers, "writers", 20, "who write")
	flag.Float64Var(&o.rate, "rate", 20, "writes a second, all together")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "seed of who and when")
	flag.Parse()
	log.SetFlags(0)
	if o.instances < 2 || o.grids < 1 || o.writers < 1 || o.workers < 0 || o.sockets < o.workers || o.rate <= 0 || o.killEvery < 2*time.Second || o.span < o.killEvery {
		log.Fatal("soak: want at least two instances, a grid, a writer, a rate, and -for no shorter than -kill, which is at least 2s")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		log.Fatalf("FAILED (seed %d): %v", o.seed, err)
	}
}

func run(ctx context.Context, o options) (err error) {
	fmt.Printf("seed %d: %d instances, %d sockets in %d micro-grids (%d see all), %d writers, %.0f writes/s, %s; kill -9 every %s\n",
		o.seed, o.instances, o.sockets, o.grids, o.workers, o.writers, o.rate, o.span, o.killEvery)
	dir, err := os.MkdirTemp("", "linli-soak-")
	if err != nil {
		return err
	}
	f, err := fleet.Start(fleet.Options{Program: o.program, Dir: dir, Instances: o.instances,
		Env: []string{"LINLI_PERSON_RATE=0", "LINLI_ADDRESS_RATE=0"}})
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	defer func() {
		err = errors.Join(err, f.Stop())
		if err == nil {
			err = os.RemoveAll(dir)
		} else {
			fmt.Printf("what the instances said is kept in %s\n", dir)
		}
	}()
	s := &soak{options: o, Fleet: f, dir: dir}
	return s.run(ctx)
}

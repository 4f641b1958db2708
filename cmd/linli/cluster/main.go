// Command cluster shows Linli as a city runs it: three instances of the built
// program on one PostgreSQL, joined by a NATS cluster of three nodes, all on
// loopback, with the example in it. It prints the addresses and stops
// everything on an interrupt; nothing is kept.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"linli/cmd/linli/fleet"
)

func main() {
	program := flag.String("program", "bin/linli", "the built program")
	instances := flag.Int("instances", 3, "how many")
	demo := flag.Bool("demo", true, "with the example people; without, an empty city")
	flag.Parse()
	log.SetFlags(0)
	if *instances < 1 || *instances > 8 {
		log.Fatal("-instances: want 1 to 8")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "linli-cluster-")
	if err != nil {
		log.Fatal(err)
	}
	err = run(ctx, fleet.Options{Program: *program, Dir: dir, Instances: *instances, Demo: *demo})
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o fleet.Options) (err error) {
	fmt.Println("PostgreSQL and three NATS nodes start …")
	f, err := fleet.Start(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Stop()) }()
	fmt.Printf("PostgreSQL  %s\nNATS        %s\n", f.Postgres.URL("postgres"), strings.Join(f.NATS.URLs(), ","))
	if err := f.Serve(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	for n, i := range f.Instances {
		fmt.Printf("instance %d  http://%s\n", n+1, i.Addr)
	}
	fmt.Printf("\nOpen two of them side by side: what one does the other shows. To work on the database:\n    %s\nCtrl-C stops everything.\n",
		strings.Join(f.Env(), " "))
	<-ctx.Done()
	fmt.Println("\nstopping …")
	return nil
}

package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"linli/models"
)

// clients are the crowd's process seen from here.
type clients struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	order    crowdOrder
	mu       sync.Mutex
	received int64
	moved    chan struct{}
	lines    *bufio.Scanner
	done     chan struct{}
}

// gather starts the crowd and waits until everybody has resumed.
func gather(s *side, tokens []string, stuck int, times string) (*clients, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &clients{cmd: exec.Command(program, "--crowd"), moved: make(chan struct{}, 1), done: make(chan struct{}),
		order: crowdOrder{Address: s.address, Tokens: tokens, Stuck: stuck, Times: times}}
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if err := json.NewEncoder(c.in).Encode(c.order); err != nil {
		return nil, err
	}
	c.lines = bufio.NewScanner(out)
	if !c.lines.Scan() || c.lines.Text() != "ready" {
		return nil, errors.Join(errors.New("the crowd did not come"), c.cmd.Wait())
	}
	go c.listen()
	for until := time.Now().Add(30 * time.Second); s.sockets() < len(tokens); { // a hub says nothing when somebody has joined
		if time.Sleep(10 * time.Millisecond); time.Now().After(until) {
			return nil, fmt.Errorf("%d of %d sockets are open", s.sockets(), len(tokens))
		}
	}
	return c, nil
}

func (c *clients) listen() {
	defer close(c.done)
	for c.lines.Scan() {
		n, err := strconv.ParseInt(c.lines.Text(), 10, 64)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.received = n
		c.mu.Unlock()
		select {
		case c.moved <- struct{}{}:
		default:
		}
	}
}

func (c *clients) count() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.received
}

// wait returns when so many events have arrived at all sockets together.
func (c *clients) wait(received int64) error {
	for c.count() < received {
		select {
		case <-c.moved:
		case <-c.done:
			return errors.New("the crowd has ended")
		case <-time.After(30 * time.Second):
			return fmt.Errorf("%d of %d events arrived", c.count(), received)
		}
	}
	return nil
}

// leave ends the crowd after the server has closed its sockets.
func (c *clients) leave() error {
	_ = c.in.Close()
	<-c.done
	return c.cmd.Wait()
}

// arrivals reads what the crowd has written.
func (c *clients) arrivals() ([]arrival, error) {
	file, err := os.Open(c.order.Times)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	all := make([]arrival, info.Size()/16)
	return all, binary.Read(bufio.NewReader(file), binary.LittleEndian, all)
}

// cpu is what this process alone has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident is the memory that this process holds, in bytes.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		panic(err)
	}
	return pages * int64(os.Getpagesize())
}

// clockwork remembers when each event was committed.
type clockwork struct {
	mu sync.Mutex
	at map[string]map[uint32]int64
}

func (c *clockwork) note(events []models.Event) {
	now := time.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range events {
		if c.at[e.GridID] == nil {
			c.at[e.GridID] = map[uint32]int64{}
		}
		c.at[e.GridID][uint32(e.Seq)] = now
	}
}

// delays are commit → received, sorted.
func (c *clockwork) delays(x *town, all []arrival) (delays []time.Duration) {
	for _, a := range all {
		if at, ok := c.at[x.grids[int(a.Socket)/perGrid]][a.Seq]; ok {
			delays = append(delays, time.Duration(a.At-at))
		}
	}
	slices.Sort(delays)
	return delays
}

func part(sorted []time.Duration, share float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*share))].Round(10 * time.Microsecond)
}

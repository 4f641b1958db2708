package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// crowdOrder is what the crowd, a process of its own, is told on its first line.
type crowdOrder struct {
	Address string
	Tokens  []string // one socket each
	Stuck   int      // so many of the last read nothing once they have resumed
	Times   string   // a file for the moment of each frame; "" for none
}

// arrival is one frame of one socket, as it stands in the file.
type arrival struct {
	Socket, Seq uint32
	At          int64 // nanoseconds of the wall clock
}

// runCrowd connects everybody, says "ready", tells the sum of received events
// as it grows, and writes its file when its input ends.
func runCrowd() error {
	in := bufio.NewReader(os.Stdin)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	var order crowdOrder
	if err := json.Unmarshal(line, &order); err != nil {
		return err
	}
	c := &crowd{order: order, mine: make([][]arrival, len(order.Tokens)), conns: make([]net.Conn, len(order.Tokens))}
	if err := c.connect(); err != nil {
		return err
	}
	tell := func(text string) {
		if _, err := os.Stdout.WriteString(text + "\n"); err != nil {
			os.Exit(1) // nobody listens any more
		}
	}
	tell("ready")
	go func() {
		told := int64(-1)
		for range time.Tick(4 * time.Millisecond) {
			if n := c.received.Load(); n != told {
				told = n
				tell(strconv.FormatInt(n, 10))
			}
		}
	}()
	_, _ = io.Copy(io.Discard, in)
	return c.write()
}

type crowd struct {
	order    crowdOrder
	received atomic.Int64
	readers  sync.WaitGroup
	mine     [][]arrival // by socket
	conns    []net.Conn  // by socket, so that also those are kept that nobody reads from
}

// connect lets fifty shake hands at a time.
func (c *crowd) connect() error {
	var all sync.WaitGroup
	gate := make(chan struct{}, 50)
	failed := make(chan error, len(c.order.Tokens))
	for i := range c.order.Tokens {
		gate <- struct{}{}
		all.Go(func() {
			defer func() { <-gate }()
			if err := c.join(i); err != nil {
				failed <- fmt.Errorf("socket %d: %w", i, err)
			}
		})
	}
	all.Wait()
	close(failed)
	return <-failed
}

func (c *crowd) join(i int) error {
	dialer := net.Dialer{}
	conn, err := dialer.Dial("tcp", c.order.Address)
	if err != nil {
		return err
	}
	c.conns[i] = conn
	stuck := i >= len(c.order.Tokens)-c.order.Stuck
	if stuck {
		_ = conn.(*net.TCPConn).SetReadBuffer(2048)
	}
	in := bufio.NewReaderSize(conn, 1024)
	if _, err := fmt.Fprintf(conn, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nAuthorization: Bearer %s\r\n\r\n", c.order.Tokens[i]); err != nil {
		return err
	}
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("answered %s", answer.Status)
	}
	payload := make([]byte, 1<<16)
	_, hello, err := readFrame(in, payload)
	if err != nil {
		return err
	}
	var told struct {
		Epoch string
		Grids map[string]int64
	}
	if err := json.Unmarshal(hello, &told); err != nil {
		return err
	}
	resume, err := json.Marshal(map[string]any{"type": "resume", "epoch": told.Epoch, "grids": told.Grids})
	if err != nil {
		return err
	}
	if _, err := conn.Write(masked(1, resume)); err != nil {
		return err
	}
	if !stuck {
		c.readers.Go(func() { c.mine[i] = c.read(i, conn, in) })
	}
	return nil
}

var seqMark = []byte(`"seq":`)

// read counts events until the connection ends, and answers pings.
func (c *crowd) read(i int, conn net.Conn, in *bufio.Reader) (arrivals []arrival) {
	payload := make([]byte, 1024)
	for {
		kind, text, err := readFrame(in, payload)
		if err != nil {
			return arrivals
		}
		switch {
		case kind == 9:
			if _, err := conn.Write(masked(10, text)); err != nil {
				return arrivals
			}
		case kind == 8:
			_, _ = conn.Write(masked(8, text))
			_ = conn.Close()
			return arrivals
		case bytes.HasPrefix(text, []byte(`{"type":"event"`)):
			if c.order.Times != "" {
				at := time.Now().UnixNano()
				rest := text[bytes.Index(text, seqMark)+len(seqMark):]
				seq := 0
				for _, digit := range rest {
					if digit < '0' || digit > '9' {
						break
					}
					seq = seq*10 + int(digit-'0')
				}
				arrivals = append(arrivals, arrival{uint32(i), uint32(seq), at})
			}
			c.received.Add(1)
		}
	}
}

// readFrame reads one frame of a server into the buffer.
func readFrame(in *bufio.Reader, buffer []byte) (kind byte, payload []byte, err error) {
	head, err := in.Peek(2)
	if err != nil {
		return 0, nil, err
	}
	kind = head[0] & 15
	length, skip := int(head[1]), 2
	if length == 126 {
		if head, err = in.Peek(4); err != nil {
			return 0, nil, err
		}
		length, skip = int(binary.BigEndian.Uint16(head[2:])), 4
	}
	if length > len(buffer) {
		return 0, nil, errors.New("a frame longer than any of ours")
	}
	_, _ = in.Discard(skip)
	_, err = io.ReadFull(in, buffer[:length])
	return kind, buffer[:length], err
}

// masked is a frame of a client, with the mask of all zeros.
func masked(kind byte, payload []byte) []byte {
	frame := []byte{0x80 | kind}
	if n := len(payload); n < 126 {
		frame = append(frame, 0x80|byte(n))
	} else {
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(n))
	}
	return append(append(frame, 0, 0, 0, 0), payload...)
}

// write waits for the readers, whose connections the server has closed, and
// writes what they saw.
func (c *crowd) write() error {
	if c.order.Times == "" {
		return nil
	}
	file, err := os.Create(c.order.Times)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	c.readers.Wait()
	for _, arrivals := range c.mine {
		if err := binary.Write(out, binary.LittleEndian, arrivals); err != nil {
			return err
		}
	}
	return errors.Join(out.Flush(), file.Close())
}

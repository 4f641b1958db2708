// Command framebench measures the frame around the routes – request id, secure
// headers, sign-in from memory, limits, strict JSON, huma, recovery, log,
// figures – against a bare Gin handler that gives the same answer.
//
//	go run ./server/api/framebench
//
// Both are served on loopback to the same number of kept connections, in turns
// in one run; the database is asked for the session once and then not again,
// because the clock stands. It prints the median ratio beside its goal.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/models/store/storetest/ratio"
	"linli/server"
	"linli/server/api"
	"linli/server/config"
	"linli/server/registry"

	"github.com/gin-gonic/gin"
)

const goal = 0.7

func main() {
	seconds := flag.Int("seconds", 2, "seconds per side and round")
	rounds := flag.Int("rounds", 5, "rounds; the median ratio counts")
	callers := flag.Int("callers", 32, "kept connections")
	flag.Parse()
	debug.SetGCPercent(200) // as linli serve does
	missed, err := run(*callers, *rounds, time.Duration(*seconds)*time.Second)
	if err != nil {
		fmt.Fprintln(os.Stderr, "framebench:", err)
	}
	if err != nil || missed {
		os.Exit(1)
	}
}

func run(callers, rounds int, d time.Duration) (missed bool, err error) {
	dir, err := os.MkdirTemp("", "framebench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	ours, token, err := framed(filepath.Join(dir, "linli.db"))
	if err != nil {
		return false, err
	}
	defer ours.stop()
	theirs, err := bare(ours, token)
	if err != nil {
		return false, err
	}
	defer theirs.stop()
	pair := ratio.Pair{Name: "frame against bare Gin", Goal: goal,
		Ours: ours.side(callers, request(token)), Theirs: theirs.side(callers, request(token))}
	return ratio.Run(os.Stdout, []ratio.Pair{pair}, rounds, d)
}

// The call is one that does next to nothing behind the frame.
const path = "/api/v1/catalogue/signs"

func request(token string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept-Language: zh-CN\r\n"+
		"Accept: application/json\r\n\r\n", path, token)
}

// served is a handler behind a socket.
type served struct {
	handler http.Handler
	server  *http.Server
	address string
	close   func() error
}

func serve(handler http.Handler, close func() error) (*served, error) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return nil, err
	}
	s := &served{handler: handler, server: &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second},
		address: listener.Addr().String(), close: close}
	go func() { _ = s.server.Serve(listener) }() // ends with stop
	return s, nil
}

func (s *served) stop() { _ = errors.Join(s.server.Close(), s.close()) }

// framed is the service with one person who is signed in. Its log goes to a
// real file, as far as the program can tell.
func framed(database string) (*served, string, error) {
	keys, err := seal.NewKeyring([]byte("a key for benches, 32 bytes long"))
	if err != nil {
		return nil, "", err
	}
	now := time.Now()
	s, err := store.Open(store.Options{Database: database, Keys: keys, NewID: server.NewID, Now: func() time.Time { return now }})
	if err != nil {
		return nil, "", err
	}
	token, err := settle(context.Background(), s)
	if err != nil {
		return nil, "", err
	}
	void, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, "", err
	}
	srv, err := server.New(config.Serve{Addr: "localhost:8080", Lanes: 2, PersonRate: 1_000_000}, s, slog.New(slog.NewTextHandler(void, nil)))
	if err != nil {
		return nil, "", err
	}
	out, err := serve(srv.Handler(), func() error { return errors.Join(s.Close(), void.Close()) })
	return out, token, err
}

func settle(ctx context.Context, s *store.Store) (string, error) {
	if _, _, err := s.Migrate(ctx); err != nil {
		return "", err
	}
	r := registry.New(s)
	if err := r.Prepare(ctx); err != nil {
		return "", err
	}
	grid := models.Grid{ID: server.NewID(), Code: "1", Name: "微网格", Level: models.LevelMicro, Tree: models.TreeTerritorial,
		Path: "1/", CreatedAt: s.Now()}
	if err := s.InTx(ctx, func(tx *store.Tx) error { return tx.CreateGrids([]models.Grid{grid}) }); err != nil {
		return "", err
	}
	minted, err := r.MintTokens(ctx, registry.MintInput{Role: models.RoleResident, GridID: grid.ID, Count: 1})
	if err != nil {
		return "", err
	}
	return minted[0].Token, nil
}

// bare gives the answer of the framed service without any of the frame.
func bare(ours *served, token string) (*served, error) {
	text, err := ours.ask(request(token))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Items []api.Sign `json:"items"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET(path, func(c *gin.Context) { c.JSON(http.StatusOK, answer) })
	return serve(router, func() error { return nil })
}

// ask makes one call by itself.
func (s *served) ask(request []byte) ([]byte, error) {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.Write(request); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", res.StatusCode, text)
	}
	return text, err
}

// side lets callers ask again and again, each on a connection of its own. The
// client does as little as it can, so that it does not hide the difference.
func (s *served) side(callers int, request []byte) ratio.Side {
	conns := make([]net.Conn, callers)
	readers := make([]*bufio.Reader, callers)
	return ratio.Callers(callers, func(_ context.Context, n int) error {
		if conns[n] == nil {
			var err error
			if conns[n], err = net.Dial("tcp", s.address); err != nil {
				return err
			}
			readers[n] = bufio.NewReader(conns[n])
		}
		if _, err := conns[n].Write(request); err != nil {
			return err
		}
		return skipAnswer(readers[n])
	})
}

// skipAnswer reads one answer that tells its length.
func skipAnswer(r *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		switch {
		case first && string(line) != "HTTP/1.1 200 OK\r\n":
			return fmt.Errorf("answered %q", line)
		case len(line) == 2:
			_, err := r.Discard(length)
			return err
		case len(line) > 16 && string(line[:16]) == "Content-Length: ":
			for _, digit := range line[16 : len(line)-2] {
				length = length*10 + int(digit-'0')
			}
		}
	}
}

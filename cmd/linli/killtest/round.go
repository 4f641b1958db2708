package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// round is the life of one database: load, kill, look, and again.
type round struct {
	program, dir, database string
	kills, callers         int
	random                 *rand.Rand

	addr  string
	grids []string
	mu    sync.Mutex
	calls []*post // all that were ever sent
}

// on is the same round on another database.
func (r *round) on(dir, database string) *round {
	return &round{program: r.program, kills: r.kills, callers: r.callers, random: r.random, dir: dir, database: database}
}

func (r *round) run(ctx context.Context, name string) error {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	var err error
	if r.addr, err = freeAddr(); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	for i := range r.kills {
		if err := r.once(ctx); err != nil {
			return fmt.Errorf("kill %d: %w", i+1, err)
		}
	}
	return r.count(ctx, name)
}

// prepare makes the place: a city with two micro-grids.
func (r *round) prepare(ctx context.Context) error {
	grids := "code,parent_code,name,level,tree\n" +
		"510184,,崇州市,city,territorial\n510184107,510184,怀远镇,town,territorial\n" +
		"510184107001,510184107,定江桥社区,general,territorial\n510184107001001,510184107001,一般网格 01,ordinary,territorial\n" +
		"510184107001001001,510184107001001,微网格 01,micro,territorial\n510184107001001002,510184107001001,微网格 02,micro,territorial\n"
	file := filepath.Join(r.dir, "grids.csv")
	if err := os.WriteFile(file, []byte(grids), 0o600); err != nil {
		return err
	}
	if _, err := r.linli(ctx, "migrate"); err != nil {
		return err
	}
	if _, err := r.linli(ctx, "import", "grids", file); err != nil {
		return err
	}
	operator, err := r.start(ctx)
	if err != nil {
		return err
	}
	defer operator.kill()
	return r.findGrids(ctx)
}

// once is one life of the process.
func (r *round) once(ctx context.Context) error {
	people, err := r.mint(ctx)
	if err != nil {
		return err
	}
	process, err := r.start(ctx)
	if err != nil {
		return err
	}
	if err := r.settle(ctx); err != nil {
		return errors.Join(err, process.kill())
	}
	load, stop := context.WithCancel(ctx)
	var callers sync.WaitGroup
	for i, p := range people {
		random := rand.New(rand.NewPCG(r.random.Uint64(), uint64(i)))
		callers.Go(func() { r.act(load, p, random) })
	}
	<-time.After(time.Duration(200+r.random.IntN(800)) * time.Millisecond)
	err = process.kill()
	stop()
	callers.Wait()
	if err != nil {
		return err
	}
	if report, err := r.linli(ctx, "doctor"); err != nil {
		return fmt.Errorf("%w\n%s", err, report)
	}
	return nil
}

// settle sends again what was under way when the process died.
func (r *round) settle(ctx context.Context) error {
	for _, p := range r.calls {
		if p.done() {
			continue
		}
		if err := r.send(ctx, p); err != nil {
			return fmt.Errorf("a call is not settled after the restart: %w", err)
		}
	}
	return nil
}

// count holds what was acknowledged against what is there.
func (r *round) count(ctx context.Context, name string) error {
	process, err := r.start(ctx)
	if err != nil {
		return err
	}
	defer process.kill()
	if err := r.settle(ctx); err != nil {
		return err
	}
	acked := map[string]map[string]bool{} // by token and list
	for _, p := range r.calls {
		if p.id != "" {
			key := p.token + " " + p.path
			if acked[key] == nil {
				acked[key] = map[string]bool{}
			}
			acked[key][p.id] = true
		}
	}
	posts := 0
	for key, ids := range acked {
		token, path, _ := strings.Cut(key, " ")
		there, err := r.list(ctx, token, path)
		if err != nil {
			return err
		}
		for id := range ids {
			if !there[id] {
				return fmt.Errorf("%s %s was acknowledged and is not there", path, id)
			}
		}
		if len(there) != len(ids) {
			return fmt.Errorf("%s: %d are there, %d were acknowledged", path, len(there), len(ids))
		}
		posts += len(ids)
	}
	fmt.Printf("%s: %d kills, %d calls sent, %d posts acknowledged, all there, none twice, doctor found nothing\n",
		name, r.kills, len(r.calls), posts)
	return nil
}

// linli runs a subcommand on the round's database.
func (r *round) linli(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Env = r.env()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("linli %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

func (r *round) env() []string {
	return append(os.Environ(), "LINLI_DATABASE="+r.database, "LINLI_KEY_FILE="+filepath.Join(r.dir, "linli.key"),
		"LINLI_ADDR="+r.addr)
}

// process is a serving linli.
type process struct{ cmd *exec.Cmd }

// start serves and waits until it is ready.
func (r *round) start(ctx context.Context) (*process, error) {
	cmd := exec.CommandContext(ctx, r.program, "serve")
	cmd.Env = r.env()
	errs, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(errs)
		said := []string{}
		for lines.Scan() {
			if strings.Contains(lines.Text(), "is ready") {
				ready <- nil
			}
			if len(said) < 20 {
				said = append(said, lines.Text())
			}
		}
		ready <- fmt.Errorf("serve ended: %s", strings.Join(said, "\n"))
	}()
	select {
	case err := <-ready:
		return &process{cmd}, err
	case <-time.After(30 * time.Second):
		return nil, errors.New("serve was not ready after 30 s")
	}
}

// kill is SIGKILL: nothing is told, nothing is flushed.
func (p *process) kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // "signal: killed" is what we wanted
	return nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

var client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

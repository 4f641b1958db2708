// Package pgtemp starts a throw-away PostgreSQL from installed binaries.
//
// Tests ask DSN for a fresh database; benchmarks and make start a Cluster of
// their own. A cluster listens on a socket in its own directory and goes with
// the process that started it, even if that is killed. It downloads nothing and
// is no server to keep data in.
package pgtemp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running server.
type Cluster struct {
	dir   string
	port  int       // on loopback; 0: only the socket in dir
	life  io.Closer // its end is the server's end
	ended chan struct{}

	complaint bytes.Buffer // of initdb; to be read when ended
}

// Options of a cluster; tests need none.
type Options struct {
	// Durable keeps fsync on, as a benchmark must.
	Durable bool
	// Loopback listens on a free port of 127.0.0.1 too, and URL names that: a
	// trip over TCP costs more than over a socket file, and services use TCP.
	Loopback bool
}

// Start makes and starts a cluster.
func Start(opt Options) (*Cluster, error) {
	postgres, err := Binary("postgres")
	if err != nil {
		return nil, err
	}
	// A socket's path may have about a hundred bytes, which some TMPDIR exceed.
	base := os.TempDir()
	if len(base) > 50 {
		base = "/tmp"
	}
	dir, err := os.MkdirTemp(base, "linli-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, ended: make(chan struct{})}
	if err := c.start(filepath.Dir(postgres), opt); err != nil {
		c.Stop()
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// supervise makes the cluster and runs it until its standard input ends, which
// also happens when the process that holds the other end is killed. It says so
// to the server more than once: one that has only just begun does not listen.
// A server that ends by itself is started again only when Restart has asked.
const supervise = `
"$0/initdb" -D "$1/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >&2 || { rm -rf "$1"; exit 1; }
exec 3<&0
{ cat <&3 >/dev/null; while :; do kill -QUIT "$(cat "$1/pid")"; sleep 0.1; done; } 2>/dev/null &
again=$!
while :; do
  rm -f "$1/restart"
  "$0/postgres" -D "$1/data" -k "$1" -c max_connections=200 \
    -c shared_buffers=256MB -c max_wal_size=4GB $2 >>"$1/log" 2>&1 3<&- &
  echo $! >"$1/pid"
  wait $!
  [ -e "$1/restart" ] || break
done
kill $again
rm -rf "$1"
`

func (c *Cluster) start(bin string, opt Options) error {
	as, err := ordinaryUser(c.dir)
	if err != nil {
		return err
	}
	settings := "-c listen_addresses="
	if opt.Loopback {
		if c.port, err = freePort(); err != nil {
			return err
		}
		settings = fmt.Sprintf("-c listen_addresses=127.0.0.1 -p %d", c.port)
	}
	if !opt.Durable {
		settings += " -c fsync=off -c full_page_writes=off"
	}
	server := exec.Command("/bin/sh", "-c", supervise, bin, c.dir, settings)
	server.Dir = c.dir
	server.Stderr = &c.complaint
	// Its own group: an interrupt from the terminal must not end the supervisor
	// before it has cleaned up.
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: as}
	life, err := server.StdinPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	c.life = life
	go func() {
		_ = server.Wait()
		close(c.ended)
	}()
	return c.ready(30 * time.Second)
}

// ready waits until the server answers.
func (c *Cluster) ready(patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, c.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.ended:
			return fmt.Errorf("initdb failed:\n%s", bytes.TrimSpace(c.complaint.Bytes()))
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("PostgreSQL did not start: %w\n%s", err, log)
		}
	}
}

// Restart ends the server as a crash would, starts it again on the same data,
// and waits until it answers.
func (c *Cluster) Restart() error {
	text, err := os.ReadFile(filepath.Join(c.dir, "pid"))
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(text)))
	if err != nil {
		return err
	}
	asked := filepath.Join(c.dir, "restart")
	if err := os.WriteFile(asked, nil, 0o600); err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return err
	}
	for range 1000 { // until the old one is gone
		if _, err := os.Stat(asked); err != nil {
			return c.ready(30 * time.Second)
		}
		<-time.After(10 * time.Millisecond)
	}
	return errors.New("PostgreSQL does not end")
}

// URL of a database in the cluster; "postgres" is always there.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: "sslmode=disable"}
	if c.port != 0 {
		u.Host = fmt.Sprintf("127.0.0.1:%d", c.port)
	} else {
		u.RawQuery += "&host=" + url.QueryEscape(c.dir)
	}
	return u.String()
}

// Stop ends the server and removes its directory.
func (c *Cluster) Stop() {
	if c.life != nil {
		_ = c.life.Close()
		<-c.ended
	}
}

// Binary finds a program of PostgreSQL, such as pgbench.
func Binary(name string) (string, error) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		slices.Reverse(found) // the newest first
		dirs = append(dirs, found...)
	}
	for _, dir := range dirs {
		if path := filepath.Join(dir, name); executable(path) {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s of PostgreSQL found neither in PATH nor in /usr/lib/postgresql/*/bin: install it, "+
		"for example with `apt-get install postgresql` or `brew install postgresql`; "+
		"tests also take a running server from %s", name, Env)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// ordinaryUser gives dir to a user who may run the server, which refuses root;
// nil when we are not root.
func ordinaryUser(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
}

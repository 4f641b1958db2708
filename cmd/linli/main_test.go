package main

import (
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run this program under its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"linli": main})
}

// TestScripts plays every script of testdata: the program as a person in a
// terminal meets it, on SQLite.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			free, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("LINLI_ADDR", free.Addr().String())
			env.Setenv("LINLI_DATABASE", filepath.Join(env.WorkDir, "data", "linli.db"))
			env.Setenv("LANG", "en_US.UTF-8")
			return free.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready},
	})
}

// ready waits until the server of a script answers.
func ready(ts *testscript.TestScript, _ bool, _ []string) {
	late := time.After(60 * time.Second)
	for often := time.Tick(20 * time.Millisecond); ; {
		select {
		case <-late:
			ts.Fatalf("the server does not come up")
		case <-often:
			res, err := http.Get("http://" + ts.Getenv("LINLI_ADDR") + "/readyz")
			if err != nil {
				continue
			}
			ts.Check(res.Body.Close())
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
}

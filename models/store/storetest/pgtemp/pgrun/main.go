// Command pgrun runs a command with a throw-away PostgreSQL beside it:
//
//	go run ./models/store/storetest/pgtemp/pgrun -- go test ./...
//
// so that the test processes share one server. If LINLI_TEST_POSTGRES is set
// already, it starts none. Its exit code is the command's.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"

	"linli/models/store/storetest/pgtemp"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if i := slices.Index(args, "--"); i == 0 {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: pgrun -- command [argument ...]")
		return 2
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = os.Stdin, os.Stdout, os.Stderr, os.Environ()
	if os.Getenv(pgtemp.Env) == "" {
		c, err := pgtemp.Start(pgtemp.Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer c.Stop()
		cmd.Env = append(cmd.Env, pgtemp.Env+"="+c.URL("postgres"))
	}
	// An interrupt reaches the command by itself; we stay until it has ended.
	// (Ignoring it would be inherited.)
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	default:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
}

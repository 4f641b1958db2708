package fleet

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Instance is one serving process, or the place of one that is gone.
type Instance struct {
	Addr string // on loopback, the same each time

	program string
	demo    bool
	env     []string
	said    string // the file with what it said
	cmd     *exec.Cmd
	ended   chan struct{}
}

const (
	readyWait = 2 * time.Minute // a demo's first start loads a whole town
	drainWait = 20 * time.Second
)

// Start serves and waits until it is ready.
func (i *Instance) Start(ctx context.Context) error {
	log, err := os.OpenFile(i.said, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"serve"}
	if i.demo {
		args = append(args, "--demo")
	}
	i.cmd = exec.Command(i.program, args...)
	i.cmd.Env = append(os.Environ(), i.env...)
	i.cmd.Stdout, i.cmd.Stderr = log, log
	// Its own group: an interrupt from the terminal is for whoever runs the fleet.
	i.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := i.cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	i.ended = ended
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // killed, as a rule
		close(ended)
	}(i.cmd)
	return i.ready(ctx)
}

func (i *Instance) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	for often := time.Tick(20 * time.Millisecond); ; {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+i.Addr+"/readyz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-often:
		case <-i.ended:
			said, _ := os.ReadFile(i.said)
			return fmt.Errorf("serve ended: %s", said[max(0, len(said)-2000):])
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", i.Addr, ctx.Err())
		}
	}
}

// Kill is SIGKILL: nothing is told, nothing is flushed.
func (i *Instance) Kill() error {
	if i.cmd == nil || i.cmd.Process == nil {
		return nil
	}
	if err := i.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-i.ended
	return nil
}

// Stop lets it drain; what does not end is killed.
func (i *Instance) Stop() error {
	if i.cmd == nil || i.cmd.Process == nil {
		return nil
	}
	if err := i.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-i.ended:
		return nil
	case <-time.After(drainWait):
		return errors.Join(fmt.Errorf("%s did not stop by itself", i.Addr), i.Kill())
	}
}

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// target is a process of the caller's account that is attempted upon.
type target struct {
	PID        int
	Address    uint64 // of a buffer that it never writes to
	Connection int    // a descriptor: a TCP connection of the host's
	Memory     int    // a descriptor: a memfd that holds the secret
	secret     string // stands in its arguments and in its memfd
	in         io.WriteCloser
	out        *bufio.Reader
	heard      *ear // what the connection said
}

// targetState is what the target says of itself.
type targetState struct {
	Buffer  string
	Signals map[int]int // by number
}

// newTarget starts a target, which ends with the setting.
func (c *caller) newTarget() (*target, error) {
	l, e, err := c.listenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &target{secret: nonce(), heard: e}
	cmd := exec.Command(c.program, roleTarget, secretMark+t.secret, l.Addr().String())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = os.Stderr
	if t.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c.later(func() { cmd.Process.Kill(); cmd.Wait() })
	t.out = bufio.NewReader(out)
	line, err := t.out.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	return t, json.Unmarshal(line, t)
}

// state asks the target. A target that is gone has no state.
func (t *target) state() (s targetState, ok bool) {
	if _, err := fmt.Fprintln(t.in); err != nil {
		return s, false
	}
	line, err := t.out.ReadBytes('\n')
	return s, err == nil && json.Unmarshal(line, &s) == nil
}

// signalled is a canary's question: has the signal come, more often than it had?
func (t *target) signalled(sig syscall.Signal) func(string) bool {
	before, _ := t.state()
	return func(string) bool {
		s, ok := t.state()
		return ok && s.Signals[int(sig)] > before.Signals[int(sig)]
	}
}

// holds is a canary's question: does the target's buffer hold this?
func (t *target) holds(word string) func(string) bool {
	return func(string) bool {
		s, ok := t.state()
		return ok && strings.HasPrefix(s.Buffer, word)
	}
}

// secretMark stands before the secret in the target's arguments.
const secretMark = "netjail-test-secret="

func runTarget(in io.Reader, out io.Writer) error {
	secret := strings.TrimPrefix(os.Args[2], secretMark)
	fd, err := unix.MemfdCreate("secret", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	if _, err := unix.Write(fd, []byte(secret)); err != nil {
		return err
	}
	f, err := dialed(os.Args[3])
	if err != nil {
		return err
	}
	buffer := new([64]byte)
	var counts [65]atomic.Int64
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, unix.SIGUSR1, unix.SIGUSR2)
	go func() {
		for s := range signals {
			counts[s.(syscall.Signal)].Add(1)
		}
	}()
	self := target{PID: os.Getpid(), Address: uint64(at(buffer)), Connection: int(f.Fd()), Memory: fd}
	answers := json.NewEncoder(out)
	if err := answers.Encode(self); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		s := targetState{Buffer: string(buffer[:]), Signals: map[int]int{}}
		for n := range counts {
			s.Signals[n] = int(counts[n].Load())
		}
		if err := answers.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

// secretFile makes a directory with a file in it that the caller alone can tell.
func (c *caller) secretFile(below string) (dir, secret string, err error) {
	dir, secret = filepath.Join(below, nonce()), nonce()
	if err := os.Mkdir(dir, 0o755); err != nil {
		return "", "", err
	}
	c.later(func() { os.RemoveAll(dir) })
	return dir, secret, os.WriteFile(filepath.Join(dir, "secret"), []byte(secret), 0o644)
}

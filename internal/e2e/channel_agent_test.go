package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The first argument of the test's program that is to be a part of the trial of
// channels.
const (
	roleAgent   = "e2e-agent"   // in the jail: makes attempts as it is told
	roleAttempt = "e2e-attempt" // in the jail: one attempt
	roleCaller  = "e2e-caller"  // outside: lays canaries and starts jails
	roleTarget  = "e2e-target"  // outside: a process that is attempted upon
	roleSetuid  = "e2e-setuid"  // a set-user-ID program of root's
)

// attempt is what an agent is told to try.
type attempt struct {
	Try  string
	Args []string
}

// testimony is what an attempt says of itself.
type testimony struct {
	Answer string
	Err    string // "" where it says that it got out
}

// channelRole plays a part where the arguments name one.
func channelRole(args []string) (code int, played bool) {
	if len(args) < 2 {
		return 0, false
	}
	var err error
	switch args[1] {
	case roleAgent:
		err = runAgent()
	case roleAttempt:
		err = runAttempt(args[2])
	case roleCaller:
		err = runCaller(os.Stdin, os.Stdout)
	case roleTarget:
		err = runTarget(os.Stdin, os.Stdout)
	case roleSetuid:
		err = runSetuid(os.Stdout, args[2:])
	default:
		return 0, false
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, args[1]+":", err)
		return 111, true
	}
	return 0, true
}

// runAgent makes the attempts that standard input names, line by line, each in a
// process of its own, which answers on standard output and waits for one line
// more: what it has done is looked at while it lives. It ends with its input.
func runAgent() error {
	for {
		line, err := readLine(os.Stdin)
		if err == io.EOF || err == nil && line == "" {
			return nil
		}
		if err != nil {
			return err
		}
		p, err := os.StartProcess("/proc/self/exe", []string{"agent", roleAttempt, line}, &os.ProcAttr{
			Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}, Env: os.Environ(),
		})
		if err != nil {
			return err
		}
		state, err := p.Wait()
		if err != nil {
			return err
		}
		if state.Success() {
			continue
		}
		// It was killed before it could answer.
		if err := tell(testimony{Err: state.String()}); err != nil {
			return err
		}
		if _, err := readLine(os.Stdin); err != nil {
			return err
		}
	}
}

// attemptLimit ends an attempt that hangs.
const attemptLimit = 20 * time.Second

func runAttempt(text string) error {
	runtime.LockOSThread()
	time.AfterFunc(attemptLimit, func() { os.Exit(3) })
	var a attempt
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return err
	}
	c := channelNamed(a.Try)
	if c == nil {
		return fmt.Errorf("no channel %q", a.Try)
	}
	var o testimony
	answer, err := c.try(a.Args)
	if o.Answer = answer; err != nil {
		o.Err = err.Error()
	}
	if err := tell(o); err != nil {
		return err
	}
	_, err = readLine(os.Stdin)
	return err
}

// tell writes a value as one line.
func tell(v any) error {
	text, err := json.Marshal(v)
	if err == nil {
		_, err = os.Stdout.Write(append(text, '\n'))
	}
	return err
}

// readLine reads a line and not a byte more: what follows is another's.
func readLine(f *os.File) (string, error) {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := unix.Read(int(f.Fd()), b)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return "", err
		case n == 0:
			return string(line), io.EOF
		case b[0] == '\n':
			return string(line), nil
		}
		line = append(line, b[0])
	}
}

package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/netjail/netjail/internal/jailtest"
)

// hosts are two processes that serve: one in the host's network namespace, one in
// another.
type hosts struct{ own, other *talker }

func newHosts(t *testing.T, self string) *hosts {
	t.Helper()
	start := func(attr *syscall.SysProcAttr) *talker {
		argv := jailtest.Host(self)
		c := exec.Command(argv[0], argv[1:]...)
		c.SysProcAttr = attr
		return newTalker(t, c)
	}
	other := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() != 0 {
		other.Cloneflags |= syscall.CLONE_NEWUSER
		other.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
		other.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
	}
	return &hosts{start(nil), start(other)}
}

// make makes each meeting in the namespace that its way asks for.
func (h *hosts) make(t *testing.T, all []jailtest.Meeting) {
	t.Helper()
	var own, other []jailtest.Meeting
	for _, m := range all {
		if m.Way == jailtest.WayNetwork {
			other = append(other, m)
		} else {
			own = append(own, m)
		}
	}
	for _, k := range []struct {
		*talker
		list []jailtest.Meeting
	}{{h.own, own}, {h.other, other}} {
		if answer := k.ask(t, k.list); string(answer) != "made\n" {
			t.Fatalf("%q says %s", k.c.Args, answer)
		}
	}
}

func (h *hosts) close(t *testing.T) {
	h.own.close(t)
	h.other.close(t)
}

// talker is a process that answers a line with a line.
type talker struct {
	c     *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	words strings.Builder // what it says on stderr
	watch *time.Timer     // ends it where it does not answer
}

func newTalker(t *testing.T, c *exec.Cmd) *talker {
	t.Helper()
	k := &talker{c: c}
	c.Stderr = &k.words
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	k.in, k.out = in, bufio.NewReader(out)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	k.watch = time.AfterFunc(2*time.Minute, func() { c.Process.Kill() })
	return k
}

// ask is answer for a process that must not end.
func (k *talker) ask(t *testing.T, v any) []byte {
	t.Helper()
	line, err := k.answer(v)
	if err != nil {
		rest, _ := io.ReadAll(k.out)
		t.Fatalf("%q: %v, %v %s%s", k.c.Args, err, k.end(), rest, k.words.String())
	}
	return line
}

// answer sends a value as a line of JSON and waits for the answer.
func (k *talker) answer(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	if _, err := k.in.Write(append(text, '\n')); err != nil {
		return nil, err
	}
	return k.out.ReadBytes('\n')
}

// refused says whether the process has ended as netjail does that did not start
// its command.
func (k *talker) refused() bool {
	k.in.Close()
	k.end()
	return k.c.ProcessState.ExitCode() == 125
}

// close ends the process, which ends with its input.
func (k *talker) close(t *testing.T) {
	k.in.Close()
	if err := k.end(); err != nil {
		t.Errorf("%q: %v %s", k.c.Args, err, k.words.String())
	}
}

// end waits for the process, once.
func (k *talker) end() error {
	if k.c.ProcessState != nil {
		return nil
	}
	err := k.c.Wait()
	k.watch.Stop()
	return err
}

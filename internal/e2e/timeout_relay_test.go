package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// eachTimedShell runs f with a shell on a terminal whose $N is netjail with two
// seconds of time, with the terminal relayed and not.
func eachTimedShell(t *testing.T, f func(t *testing.T, x *jailtest.Terminal)) {
	t.Helper()
	jailtest.Require(t, "pty", "bash")
	each(t, func(t *testing.T, w *world) {
		for name, more := range map[string]string{
			"relayed":         "process: {timeout: 2s}\n",
			"relayed, no pid": "namespaces: {pid: host, mount: host}\nprocess: {timeout: 2s}\n",
			"the caller's":    "process: {timeout: 2s, terminal: host}\n",
		} {
			t.Run(name, func(t *testing.T) {
				f(t, w.Shell(t, fmt.Sprintf("N='%s run %s'", w.netjail, w.profile(t, "timed", more))))
			})
		}
	})
}

// TestTimeoutOnTerminal: the shell gets its terminal back, and the status.
func TestTimeoutOnTerminal(t *testing.T) {
	eachTimedShell(t, func(t *testing.T, x *jailtest.Terminal) {
		x.Type("$N sleep 600\n")
		x.Await(`netjail: process.timeout is over: the command was ended by SIGTERM\r\n\[124\]> $`)
		x.Type("echo alive-$((40+2))\n")
		x.Await(`alive-42\r\n\[0\]> $`)
	})
}

// TestTimeoutOfStoppedJob: a job that was stopped at the terminal ends as well when
// its time is over, although netjail is stopped too.
func TestTimeoutOfStoppedJob(t *testing.T) {
	eachTimedShell(t, func(t *testing.T, x *jailtest.Terminal) {
		x.Type("$N sleep 600\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlZ)
		x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
		x.Await(`netjail: process.timeout is over`)
		jailtest.Eventually(t, "netjail is gone", func() bool {
			return !slices.ContainsFunc(x.Processes(), func(p jailtest.Process) bool { return p.Comm == "netjail" })
		})
		x.Type("wait %1; echo status-$?\n")
		x.Await(`status-124\r\n(?s:.*)\[0\]> $`)
	})
}

// TestTimeoutWithSlowReader: output that nobody reads does not keep netjail, with
// a socket that is relayed and with a pipe.
func TestTimeoutWithSlowReader(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, pid := range []bool{true, false} {
			for name, pair := range map[string]func() ([2]int, error){
				"socket": func() ([2]int, error) { return unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0) },
				"pipe": func() (fds [2]int, err error) {
					err = unix.Pipe2(fds[:], unix.O_CLOEXEC)
					return fds, err
				},
			} {
				fds, err := pair()
				if err != nil {
					t.Fatal(err)
				}
				reader, writer := os.NewFile(uintptr(fds[0]), "reader"), os.NewFile(uintptr(fds[1]), "writer")
				c := w.jail(w.timed(t, pid, ""), "yes")
				c.Stdout = writer
				err = c.Run()
				reader.Close()
				writer.Close()
				var exit *exec.ExitError
				if !errors.As(err, &exit) || exit.ExitCode() != 124 {
					t.Errorf("%s, pid %t: %v", name, pid, err)
				}
			}
		}
	})
}

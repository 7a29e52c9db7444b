package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// key echoes each key in hexadecimal from a raw terminal until q.
const key = `
import os, sys, termios, tty
before = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b"raw\r\n")
while True:
    k = os.read(0, 1)
    os.write(1, b"<%02x>" % k[0])
    if k == b"q":
        break
termios.tcsetattr(0, termios.TCSANOW, before)
print("cooked")
`

// A program that makes its terminal raw gets every key as it is, those that would
// stop or end it as well.
func TestRawProgram(t *testing.T) {
	jailtest.Require(t, "python3")
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, _ bool) {
		x.Type("$N python3 " + jailtest.File(t, w.dir, "key.py", key, false) + "\n")
		x.Await(`raw\r\n`)
		awaitForeground(t, x, "python3")
		x.Type("a" + jailtest.CtrlC + jailtest.CtrlZ + jailtest.CtrlD + jailtest.CtrlBackslash + "\r\n\x13\x11\x00q")
		x.Await(`<61><03><1a><04><1c><0d><0a><13><11><00><71>cooked\r\n\[0\]> $`)
		alive(x)
	})
}

// An editor takes the whole screen, is suspended and comes back, and writes its
// file.
func TestEditor(t *testing.T) {
	jailtest.Require(t, "vim")
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, _ bool) {
		file := w.dir + "/text"
		x.Type("$N vim -u NONE -i NONE -n " + file + "\n")
		awaitForeground(t, x, "vim")
		x.Type("ifirst\x1b")
		x.Await(`first`)
		x.Type(jailtest.CtrlZ)
		x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
		x.Type("fg\n")
		awaitForeground(t, x, "vim")
		x.Type("osecond\x1b")
		x.Await(`second`)
		x.Type(":wq\r")
		x.Await(`\[0\]> $`)
		if text, err := os.ReadFile(file); err != nil || string(text) != "first\nsecond\n" {
			t.Errorf("the file is %q, %v", text, err)
		}
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
		alive(x)
	})
}

// sizes tells the terminal's size, and again whenever that changes: by write(2), as
// one signal may come while another is told.
const sizes = `
import os, signal
def tell(*_):
    os.write(1, b"size %d %d\n" % os.get_terminal_size())
signal.signal(signal.SIGWINCH, tell)
tell()
while True:
    input()
`

// The command's terminal has the size of the caller's and follows it, also where
// that changed while both were stopped.
func TestResize(t *testing.T) {
	jailtest.Require(t, "python3")
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, _ bool) {
		x.Resize(20, 70)
		x.Type("$N python3 " + jailtest.File(t, w.dir, "sizes.py", sizes, false) + "\n")
		x.Await(`size 70 20\r\n`)
		for n := range 5 {
			awaitForeground(t, x, "python3")
			x.Resize(21+n, 71+n)
			x.Await(fmt.Sprintf(`size %d %d\r\n`, 71+n, 21+n))
		}
		if w.relays { // a terminal tells only who is in its foreground
			x.Type(jailtest.CtrlZ)
			x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
			x.Resize(30, 90)
			x.Type("fg\n")
			x.Await(`size 90 30\r\n`)
		}
		awaitForeground(t, x, "python3") // a signal right before its read(2) would not end that
		x.Type(jailtest.CtrlC)
		x.Await(`\[(130|1)\]> $`)
	})
}

// A password is read without echo, from the terminal itself, and what was typed
// before is shown.
func TestPassword(t *testing.T) {
	jailtest.Require(t, "python3")
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, _ bool) {
		x.Type("stty echo\n")
		x.Type(`$N python3 -c 'import getpass; print(input("name: ")); print(len(getpass.getpass("word: ")))'` + "\n")
		x.Await(`name: $`)
		awaitForeground(t, x, "python3")
		x.Type("visible\n")
		x.Await(`visible\r\nvisible\r\nword: $`)
		x.Type("hidden-word\n")
		x.Await(`\r\n11\r\n`)
		if strings.Contains(x.Screen(), "hidden") {
			t.Errorf("the password is on the screen: %q", x.Screen())
		}
	})
}

// A command that ends at once has written its lines as any other: netjail is in its
// place however late it comes.
func TestShortCommandOnTerminal(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, _ bool) {
		for range 20 {
			x.Type("$N echo short; stty -a | grep -c onlcr\n")
			x.Await(`^short\r\n1\r\n\[0\]> $`)
		}
	})
}

// The shell's terminal is as it was, however the command or netjail ends.
func TestModesRestored(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool) {
		if !netjailed {
			return
		}
		// A shell without job control does not repair the modes itself.
		x.Type("export N; exec sh -c 'while read line; do eval \"$line\"; echo \"done-$?\"; done'\n")
		x.Type("trap : INT QUIT\n")
		x.Await(`done-0\r\n`)
		for _, c := range []struct {
			command, keys string
			signal        unix.Signal
			at            string // the process that gets the signal
			status        string
		}{
			{command: "true", status: "0"},
			{command: "sh -c 'exit 7'", status: "7"},
			{command: "sh -c 'stty raw -echo; exit 8'", status: "8"},
			{command: "no-such-command", status: "127"},
			{command: "sh -c 'kill -KILL $$'", status: "137"},
			{command: "sleep 1000", keys: jailtest.CtrlC, status: "130"},
			{command: "sleep 1000", signal: unix.SIGKILL, at: "sleep", status: "137"},
			{command: "sleep 1000", signal: unix.SIGTERM, at: "netjail", status: "143"},
			{command: "sleep 1000", signal: unix.SIGHUP, at: "netjail", status: "129"},
			{command: "sleep 1000", signal: unix.SIGUSR1, at: "netjail", status: "138"},
			{command: "sleep 1000", signal: unix.SIGINT, at: "netjail", status: "130"},
		} {
			if strings.Contains(c.command, "stty") && !w.relays {
				continue // it is the caller's terminal that is set
			}
			before := *x.Modes()
			x.Type("$N " + c.command + "\n")
			if c.keys != "" || c.at != "" {
				awaitForeground(t, x, "sleep")
			}
			if c.at != "" {
				unix.Kill(x.AwaitProcess(c.at, 'S').PID, c.signal)
			}
			x.Type(c.keys)
			x.Await(`done-` + c.status + `\r\n`)
			if diff := cmp.Diff(before, *x.Modes()); diff != "" {
				t.Errorf("%s, %s: the modes differ:\n%s", c.command, c.signal, diff)
			}
		}
	})
}

// When netjail is killed the jail goes with it. The terminal stays as it was at
// that moment; a shell with job control repairs it.
func TestNetjailKilledOnTerminal(t *testing.T) {
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, netjailed bool) {
		if !netjailed {
			return
		}
		before := *x.Modes()
		x.Type("$N sleep 1000\n")
		awaitForeground(t, x, "sleep")
		unix.Kill(x.AwaitProcess("netjail", 'S').PID, unix.SIGKILL)
		x.Await(`\[137\]> $`)
		alive(x)
		if diff := cmp.Diff(before, *x.Modes()); diff != "" {
			t.Errorf("behind the shell's repair the modes differ:\n%s", diff)
		}
		jailtest.Eventually(t, "the command dies", func() bool {
			return len(x.Processes()) == 1
		})
	})
}

// A script around netjail is interrupted and suspended together with it, as it is
// around the command itself.
func TestScriptAround(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool) {
		x.Type(`sh -c "while :; do $N sleep 1000; done"` + "\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
		alive(x)
		x.Type(`sh -c "$N sleep 1000; echo behind"` + "\n")
		awaitForeground(t, x, "sleep")
		for range 3 {
			x.Type(jailtest.CtrlZ)
			x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
			x.AwaitProcess("sleep", 'T')
			if netjailed && !w.relays { // the shell hears of its own child, which may be the first to stop
				x.AwaitProcess("netjail", 'T')
			}
			x.Type("fg\n")
			awaitForeground(t, x, "sleep")
			if netjailed {
				x.AwaitProcess("netjail", 'S')
			}
		}
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
		alive(x)
	})
}

// A shell in the jail looks after jobs of its own, and keys are for those.
func TestShellInside(t *testing.T) {
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, _ bool) {
		x.Type("PS1='inner[\\$?]> ' PS2= $N bash --norc --noprofile --noediting -i\n")
		x.Await(`> $|\$ $|# $`)
		x.Type("PS1='inner[$?]> '\n")
		x.Await(`inner\[0\]> $`)
		x.Type("sleep 1000\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlZ)
		x.Await(`Stopped(?s:.*)inner\[14[78]\]> $`)
		x.Type("bg; jobs\n")
		x.Await(`Running(?s:.*)inner\[0\]> $`)
		x.Type("fg\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlC)
		x.Await(`inner\[130\]> $`)
		x.Type(jailtest.CtrlC)
		x.Await(`inner\[130\]> $`)
		x.Type("exit 5\n")
		x.Await(`exit\r\n\[5\]> $`)
		alive(x)
	})
}

// In a pipeline the command stays in the caller's session and process group, and
// has the terminal in one direction.
func TestPipelineOnTerminal(t *testing.T) {
	jailtest.Require(t, "bash")
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool) {
		x.Type("yes | $N head -n 2 | cat; echo ${PIPESTATUS[*]}\n")
		x.Await(`y\r\ny\r\n141 0 0\r\n\[0\]> $`)
		x.Type("$N yes | head -n 1; echo ${PIPESTATUS[0]}\n")
		x.Await(`y\r\n141\r\n\[0\]> $`)
		x.Type("$N sh -c 'ps -o sid= -p $$ 2>/dev/null; grep flags: /proc/self/fdinfo/0; grep flags: /proc/self/fdinfo/2 >&2' | cat\n")
		in, out := `flags:\s+0100000\r\n`, `flags:\s+0100001\r\n`
		if !w.relays {
			in, out = `flags:\s+0\d+\r\n`, `flags:\s+0\d+\r\n`
		}
		x.Await(in + `|` + out)
		x.Await(`\[0\]> $`)
		if w.relays && (!strings.Contains(x.Screen(), "0100000\r\n") || !strings.Contains(x.Screen(), "0100001\r\n")) {
			t.Errorf("the terminal is open in another direction: %q", x.Screen())
		}
		x.Type("$N cat | cat\n")
		awaitForeground(t, x, "cat")
		x.Type("a line\n" + jailtest.CtrlD)
		x.Await(`a line\r\n(?s:.*)\[0\]> $`)
		x.Type("$N sleep 1000 | cat\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlZ)
		x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
		x.Type("fg\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
		alive(x)
	})
}

// A terminal that cannot be opened again, as after su, refuses a start in which
// it would have to be; where all three are the terminal it need not be.
func TestTerminalOfAnother(t *testing.T) {
	jailtest.Require(t, "root", "bash", "pty")
	each(t, func(t *testing.T, w *world) {
		if w.Credential() == nil {
			return // root may open every terminal
		}
		x := w.Shell(t, "N='"+w.netjail+" run base'")
		x.Own(0)
		x.Type("$N cat | cat\n")
		x.Await(`stdio.reopen.0(?s:.*)permission denied(?s:.*)script -qc(?s:.*)\[0\]> $`)
		x.Type("$N sh -c 'test -t 0 && echo on a terminal'\n")
		x.Await(`on a terminal\r\n\[0\]> $`)
	})
}

// What is typed at the shell is not read by a command in the background, whatever
// session that makes for itself.
func TestNothingTypedIsStolen(t *testing.T) {
	jailtest.Require(t, "bash")
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool) {
		if !w.relays {
			return // the caller's terminal is what the profile leaves
		}
		stolen := w.dir + "/stolen"
		for _, from := range []string{"0", "1", "2"} {
			x.Type("$N sh -c 'setsid sh -c \"exec 3<&" + from + " >" + stolen + "; exec cat <&3\"; sleep 1000' &\n")
			x.Await(`\[1\] \d+`)
			x.AwaitProcess("cat", 'S')
			for n := range 5 {
				x.Type(fmt.Sprintf("echo for-the-shell-$((%d+1))\n", n))
				x.Await(fmt.Sprintf(`for-the-shell-%d\r\n`, n+1))
			}
			x.Type("kill -TERM %1; wait %1\n")
			x.Await(`\[143\]> $`)
			if text, err := os.ReadFile(stolen); err != nil || len(text) > 0 {
				t.Errorf("from descriptor %s was stolen %q, %v", from, text, err)
			}
			os.Remove(stolen)
			alive(x)
		}
	})
}

// The report of a start on a terminal names the command's own.
func TestTerminalReport(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool) {
		if !netjailed {
			return
		}
		for _, launcher := range []string{"--stage=false", "--stage"} {
			report := w.dir + "/report.json"
			x.Type("${N/run/run " + launcher + " --report " + report + "} true\n")
			x.Await(`\[0\]> $`)
			want := map[string]string{"fd.terminal": "declared", "tty.background": "declared", "tty.session": "declared"}
			if w.relays {
				want = map[string]string{"fd.terminal": "pass", "tty.background": "pass", "tty.session": "pass", "proc.group": "pass"}
			}
			for _, f := range readReport(t, report).Findings {
				if v, ok := want[f.Check]; ok && f.Verdict != v {
					t.Errorf("%s: %s is %s: %s", launcher, f.Check, f.Verdict, f.Found)
				}
				delete(want, f.Check)
			}
			if len(want) > 0 {
				t.Errorf("%s: the report lacks %v", launcher, want)
			}
		}
	})
}

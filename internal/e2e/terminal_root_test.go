package e2e

import (
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// rooted runs f in an interactive shell for each profile whose root is the jail's
// own. N precedes a command there, A is an audit.
func rooted(t *testing.T, f func(t *testing.T, w *world, x *jailtest.Terminal)) {
	t.Helper()
	jailtest.Require(t, "pty", "bash")
	eachOf(t, []string{"build", "offline-strict"}, func(t *testing.T, w *world, profile string) {
		x := w.Shell(t, "N='"+w.netjail+" run "+profile+"'", "A='"+w.netjail+" audit "+profile+"'")
		x.Type("cd " + w.dir + "\n")
		x.Await(`\[0\]> $`)
		f(t, w, x)
	})
}

// The relayed terminal is one of the jail's own: it has a name in there, under
// which it can be opened, and is the file system's that is mounted there.
func TestOwnTerminal(t *testing.T) {
	jailtest.Require(t, "python3")
	rooted(t, func(t *testing.T, w *world, x *jailtest.Terminal) {
		x.Type("$N sh -c 'tty; echo told > /dev/tty; echo named > $(tty); ls -1 /dev/pts; stat -c %u $(tty)'\n")
		x.Await(`/dev/pts/0\r\ntold\r\nnamed\r\n0\r\nptmx\r\n(\d+)\r\n\[0\]> $`)
		x.Type(`$N python3 -c 'import os; print(os.ttyname(0), os.stat("/dev/pts").st_dev == os.fstat(0).st_dev)'` + "\n")
		x.Await(`/dev/pts/0 True\r\n\[0\]> $`)
		// Another one that the command makes is the jail's as well.
		x.Type(`$N python3 -c 'import os; m, s = os.openpty(); print(os.ttyname(s))'` + "\n")
		x.Await(`/dev/pts/1\r\n\[0\]> $`)
		x.Type("$A\n")
		x.Await(`\[0\]> $`)
		alive(x)
	})
}

// While the command runs, its terminal is none of the host's /dev/pts: the host
// has no name for it.
func TestOwnTerminalIsNotTheHosts(t *testing.T) {
	rooted(t, func(t *testing.T, w *world, x *jailtest.Terminal) {
		x.Type("$N sleep 1000\n")
		pid := awaitForeground(t, x, "sleep")
		host, own := jailtest.FileSystem(t, "/dev/pts"), jailtest.FileSystem(t, jailtest.FDPath(pid, 0))
		if host == own {
			t.Errorf("the command's terminal is of file system %#x, the host's /dev/pts as well", own)
		}
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
		alive(x)
	})
}

// A program whose standard input is a file asks for a password on /dev/tty, takes
// the echo away, and gives it back.
func TestPasswordFromTerminal(t *testing.T) {
	jailtest.Require(t, "python3")
	const ask = `import getpass; print("got", getpass.getpass("Password: ").upper())`
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, _ bool) {
		ask := jailtest.File(t, w.dir, "ask.py", ask, false)
		x.Type("$N sh -c 'stty echo; python3 " + ask + " </dev/null; stty -a; stty -echo'\n")
		x.Await(`Password: $`)
		awaitForeground(t, x, "python3")
		x.Type("secret\n")
		x.Await(`^\r\ngot SECRET\r\n(?s:.*) echo (?s:.*)\[0\]> $`)
		alive(x)
	})
}

// script(1) makes a terminal in the jail, and a pager and a process list take the
// whole screen of theirs.
func TestFullScreen(t *testing.T) {
	jailtest.Require(t, "script", "less", "top")
	rooted(t, func(t *testing.T, w *world, x *jailtest.Terminal) {
		x.Resize(24, 80)
		x.Type("$N script -qc 'tty; stty size' /dev/null\n")
		x.Await(`/dev/pts/1\r\n24 80\r\n(?s:.*)\[0\]> $`)
		x.Type("$N sh -c 'TERM=xterm seq 1000 | TERM=xterm less'\n")
		awaitForeground(t, x, "less")
		x.Await(`23\r\n:`)
		x.Type("G")
		x.Await(`1000\r\n`)
		x.Type("q")
		x.Await(`\[0\]> $`)
		x.Type("$N sh -c 'TERM=xterm top'\n")
		awaitForeground(t, x, "top")
		x.Await(`PID (?s:.*)top`)
		x.Type("q")
		x.Await(`\[0\]> $`)
		alive(x)
	})
}

// A shell, an editor and an interpreter work on it.
func TestOwnTerminalIsOne(t *testing.T) {
	jailtest.Require(t, "python3", "vim")
	rooted(t, func(t *testing.T, _ *world, x *jailtest.Terminal) {
		x.Type("$N bash --norc --noprofile --noediting -i\n")
		awaitForeground(t, x, "bash", x.Leader.Process.Pid)
		x.Type("stty -echo; PS1='in> '\n")
		x.Await(`in> $`)
		x.Type("sleep 1000\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlZ)
		x.Await(`Stopped(?s:.*)in> $`)
		x.Type("fg\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlC)
		x.Await(`in> $`)
		x.Type("exit 7\n")
		x.Await(`\[7\]> $`)

		x.Type("$N sh -c 'vim -u NONE -i NONE -n /tmp/text; cat /tmp/text'\n")
		awaitForeground(t, x, "vim")
		x.Type("ifirst\x1b:wq\r")
		x.Await(`written(?s:.*)first\r\n\[0\]> $`)

		x.Type("$N python3 -q\n")
		awaitForeground(t, x, "python3")
		x.Type("print(6*7)\n")
		x.Await(`42\r\n`)
		x.Type("exit()\n")
		x.Await(`\[0\]> $`)
		alive(x)
	})
}

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

// The relayed terminal is one of the host's: the jail's own /dev/pts has no name
// for it, and whoever asks for one is told so. /dev/tty is the terminal.
func TestNamelessTerminal(t *testing.T) {
	jailtest.Require(t, "python3")
	rooted(t, func(t *testing.T, _ *world, x *jailtest.Terminal) {
		x.Type("$N sh -c 'tty; echo tty-$?; echo told > /dev/tty; ls /dev/pts'\n")
		x.Await(`not a tty\r\ntty-1\r\ntold\r\nptmx\r\n\[0\]> $`)
		x.Type("$N python3 -c 'import os; print(os.isatty(0)); os.ttyname(0)'\n")
		x.Await(`True\r\n(?s:.*)OSError: \[Errno 19\] No such device\r\n\[1\]> $`)
		// A terminal that the command makes is the jail's, and has a name.
		x.Type(`$N python3 -c 'import os; m, s = os.openpty(); print(os.ttyname(s))'` + "\n")
		x.Await(`/dev/pts/0\r\n\[0\]> $`)
		x.Type("$A\n")
		x.Await(`\[0\]> $`)
		alive(x)
	})
}

// A shell, an editor and an interpreter work on it.
func TestNamelessTerminalIsOne(t *testing.T) {
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

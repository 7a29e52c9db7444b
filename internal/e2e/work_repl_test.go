package e2e

import (
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// A read-eval-print loop on a terminal answers, is interrupted and ends as it
// does outside.
func TestNodeReadEvalPrintLoop(t *testing.T) {
	w := newWork(t, "node", "pty")
	w.file("answer.js", "module.exports = 6*7\n")
	for _, c := range []struct {
		name    string
		command []string
		project string
	}{
		{"control", []string{"node"}, w.outside},
		{"jail", w.jailed("node"), w.inside},
	} {
		t.Run(c.name, func(t *testing.T) {
			// A terminal that can do more than a dumb one: node puts it into raw mode.
			env := append([]string{"-i", "-C", c.project, "--"}, w.command(c.project, "node").Env...)
			x := w.Terminal(t, "env", append(append(env, "TERM=xterm"), c.command...)...)
			x.Await(`Welcome to Node\.js`)
			x.Await(nodePrompt)
			x.Type("'the answer is ' + require('./answer.js')\r")
			x.Await(`\n[^\n]*'the answer is 42'`)
			x.Await(nodePrompt)
			// What it says it says at once: console.log does not bear an interrupt. By then
			// the terminal is not in raw mode, in which Ctrl-C is but a byte.
			x.Type("fs.writeSync(1, 'tur' + 'ns'); for (;;) {}\r")
			x.Await(`turns`)
			x.Type(jailtest.CtrlC)
			x.Await("interrupted by `SIGINT`")
			x.Await(nodePrompt)
			x.Type("process.stdout.isTTY && process.stdin.isTTY\r")
			x.Await(`\n[^\n]*true`)
			x.Await(nodePrompt)
			x.Type("process.exit(7)\r")
			x.Leader.Wait()
			if code := x.Leader.ProcessState.ExitCode(); code != 7 {
				t.Errorf("ended with %d, want 7", code)
			}
		})
	}
}

// nodePrompt is node's prompt, with the cursor behind it.
const nodePrompt = `> \x1b\[3G`

package e2e

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// Who executes netjail's own program from inside a jail by /proc/self/exe, as a
// script's interpreter or by a link, gets no netjail: it would be a handle on a file of
// the host's that is not in the jail's tree.
func TestStrayProgram(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const text = " check\napiVersion: netjail/v1\n"
		plain := jailtest.File(t, w.dir, "plain", "#!"+w.netjail+text, true)
		if e := finish(t, w.jail("minimal", plain)); !e.exited(0) || !strings.Contains(e.out+e.err, "no problems") {
			t.Errorf("by its path: %s", e)
		}
		script := jailtest.File(t, jailtest.PublicDir(t), "script", "#!/proc/self/exe"+text, true)
		shared := jailtest.File(t, w.dir, "shared.yaml", "apiVersion: netjail/v1\nextends: [offline-strict]\nloosens: [filesystem.mounts]\n"+
			"filesystem: {mounts: [{destination: /script, type: bind, source: "+script+", options: [ro]}]}\n", false)
		e := finish(t, w.jail(shared, "/script"))
		if !e.exited(125) || e.out != "" || !strings.Contains(e.err, "is not the program that this process executes") {
			t.Errorf("by /proc/self/exe: %s", e)
		}
	})
}

// As one side of a test netjail executes itself so, and what it starts there cannot
// follow /proc to its program.
func TestStrayTestSide(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := jailtest.File(t, w.dir, "sides.yaml", "apiVersion: netjail/v1\nextends: [offline-strict]\ntests:\n  - {name: the program, run: [sh, -c, 'readlink /proc/$PPID/exe'], expect: blocked}\n", false)
		e := finish(t, w.in([]string{w.netjail, "test", p}))
		if !e.exited(0) || !strings.Contains(e.err+e.out, "1 passed") {
			t.Errorf("%s", e)
		}
	})
}

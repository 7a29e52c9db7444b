package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// bySh is a command line that a shell of the caller's executes after other words.
func (w *world) bySh(before string, argv ...string) *exec.Cmd {
	return w.in(append([]string{"sh", "-c", before + `; exec "$@"`, "sh"}, argv...))
}

// hasIn says whether a directory holds a file with this beginning, and removes it.
func hasIn(t *testing.T, dir, beginning string) bool {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, beginning+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	return len(found) > 0
}

// TestLimits: programs find the limits that a profile declares, and run into them.
func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		limits := w.profile(t, "limits", `process:
  rlimits:
    - {type: RLIMIT_NOFILE, soft: 20, hard: 30}
    - {type: RLIMIT_FSIZE, soft: 4096, hard: unlimited}
    - {type: RLIMIT_NPROC, soft: 5, hard: 5}
`)
		t.Run("told", func(t *testing.T) {
			got := must(t, w.jail(limits, "sh", "-c", "ulimit -Sn; ulimit -Hn; ulimit -Hf; ulimit -c"))
			if got != "20\n30\nunlimited\n0\n" {
				t.Errorf("%q", got)
			}
		})
		t.Run("descriptors", func(t *testing.T) {
			jailtest.Require(t, "python3")
			const open = "import sys\nl=[]\ntry:\n while 1: l.append(open('/dev/null'))\nexcept OSError as e: print(e.errno, l[-1].fileno())"
			if got := must(t, w.jail(limits, "python3", "-c", open)); got != "24 19\n" {
				t.Errorf("%q", got)
			}
		})
		t.Run("file size", func(t *testing.T) {
			e := finish(t, w.jail(limits, "sh", "-c", "head -c 9000 /dev/zero > big; wc -c < big"))
			if strings.TrimSpace(e.out) != "4096" {
				t.Errorf("%s", e)
			}
		})
		t.Run("processes", func(t *testing.T) {
			// The jail's own processes count, in a user namespace of its own, and
			// not those that the caller has besides.
			for range 8 {
				c := w.in([]string{"sleep", "600"})
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				defer c.Wait()
				defer c.Process.Kill()
			}
			e := finish(t, w.jail(limits, "sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done; wait"))
			if e.exited(0) || !strings.Contains(strings.ToLower(e.err), "fork") {
				t.Errorf("%s", e)
			}
			must(t, w.jail(limits, "sh", "-c", "sleep 0 & wait"))
		})
		t.Run("after a lower one of the caller's", func(t *testing.T) {
			e := finish(t, w.bySh("ulimit -n 25", w.netjail, "run", limits, "true"))
			if !e.exited(125) || !strings.Contains(e.err, "RLIMIT_NOFILE, 30, is above the caller's, 25") || !strings.Contains(e.err, "process.rlimits (") {
				t.Errorf("%s", e)
			}
		})
	})
}

// TestNoFileIsTheCallers: without a key the command has the caller's limit, which
// the Go runtime raises in netjail.
func TestNoFileIsTheCallers(t *testing.T) {
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		for _, launcher := range []string{"--stage=false", "--stage"} {
			got := must(t, w.bySh("ulimit -Sn 77", w.netjail, "run", launcher, profile, "sh", "-c", "ulimit -Sn"))
			if got != "77\n" {
				t.Errorf("%s: %q", launcher, got)
			}
		}
	})
}

// TestCoreDumps: a crash leaves a file where the profile leaves the caller's limit,
// and none where it does not.
func TestCoreDumps(t *testing.T) {
	pattern, err := os.ReadFile("/proc/sys/kernel/core_pattern")
	if err != nil || strings.ContainsAny(string(pattern[:1]), "|@/") {
		t.Skipf("this host's core_pattern is %q: a crash leaves no file in the working directory (%v)", pattern, err)
	}
	each(t, func(t *testing.T, w *world) {
		for profile, want := range map[string]bool{
			w.profile(t, "inherited", "process: {coreDumps: inherited}\n"):                                                                     true,
			w.profile(t, "inherited-zero", "process: {coreDumps: inherited, rlimits: [{type: RLIMIT_CORE, soft: 0, hard: unlimited}]}\n"):      false,
			w.profile(t, "inherited-one", "process: {coreDumps: inherited, rlimits: [{type: RLIMIT_CORE, soft: 1, hard: unlimited}]}\n"):       false,
			w.profile(t, "inherited-large", "process: {coreDumps: inherited, rlimits: [{type: RLIMIT_CORE, soft: 8388608, hard: 8388608}]}\n"): true,
			w.profile(t, "deny", "process: {coreDumps: deny}\n"):                                                                               false,
			w.profile(t, "default", "loopback: up\n"):                                                                                          false,
		} {
			e := finish(t, w.bySh("ulimit -c unlimited", w.netjail, "run", profile, "sh", "-c", "kill -SEGV $$"))
			if !e.exited(139) {
				t.Errorf("%s: %s", profile, e)
			}
			if got := hasIn(t, w.dir, "core"); got != want {
				t.Errorf("%s: a core file: %t", profile, got)
			}
		}
		// Who may have none gets none, and the start is not refused for it.
		must(t, w.bySh("ulimit -H -c 0", w.netjail, "run", "base", "true"))
		e := finish(t, w.bySh("ulimit -c unlimited", "sh", "-c", "kill -SEGV $$"))
		if !hasIn(t, w.dir, "core") {
			t.Errorf("the control, without netjail, left no core file: %s", e)
		}
	})
}

// TestUmaskKey: files are made with the profile's mask, or the caller's.
func TestUmaskKey(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for text, want := range map[string]string{
			`process: {umask: "0027"}`:    "0027\n640\n",
			`process: {umask: "0000"}`:    "0000\n666\n",
			`process: {umask: inherited}`: "0077\n600\n",
			"loopback: up":                "0077\n600\n",
		} {
			profile := w.profile(t, "mask", text+"\n")
			got := must(t, w.bySh("umask 0077", w.netjail, "run", profile, "sh", "-c", "rm -f made; umask; : > made; stat -c %a made"))
			if got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
			if err := os.Remove(filepath.Join(w.dir, "made")); err != nil {
				t.Fatal(err)
			}
		}
	})
}

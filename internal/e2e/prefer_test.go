package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// What a profile prefers and the host does not have is left out, silently where a
// command runs, and told by the plan and by every report. Where the host has it,
// it is there; and what is not preferred is refused.
func TestPrefer(t *testing.T) {
	jailtest.Require(t, "timens")
	eachOf(t, []string{"ipc", "uts", "cgroup", "time"}, func(t *testing.T, w *world, kind string) {
		demands := w.profile(t, "demands", "namespaces: {time: new}\n")
		prefers := w.profile(t, "prefers", "namespaces: {time: new}\nprefer: [namespaces."+kind+"]\n")
		file := filepath.Join(w.dir, "report.json")
		link := "/proc/self/ns/" + kind
		without := func(argv ...string) *exec.Cmd {
			c := w.in(jailtest.WithoutNamespaces(w.victim, kind, argv...))
			c.SysProcAttr = w.InUserNamespace()
			return c
		}
		own := must(t, w.in([]string{"readlink", link}))
		if inside := must(t, without(w.netjail, "run", "--report", file, prefers, "readlink", link)); inside != own {
			t.Errorf("the command is in %s, and not in %s, which it shares with the host", inside, own)
		}
		degradedOnly(t, file, "namespaces."+kind, "user.max_"+kind+"_namespaces is 0")
		for _, f := range readReport(t, file).Findings {
			if f.Check == "ns."+kind && (f.Verdict != "declared" || !strings.HasPrefix(f.Note, "degraded: the profile prefers a new one")) {
				t.Errorf("the report says %+v", f)
			}
		}
		must(t, without(w.netjail, "run", "--stage", prefers, "true"))
		if text := must(t, without(w.netjail, "plan", prefers)); !strings.Contains(text, "degraded: namespaces."+kind+", new → host: this host allows no "+kind+" namespaces") {
			t.Errorf("the plan begins %.200q", text)
		}
		if text := finish(t, without(w.netjail, "audit", prefers, "--", "true")); !strings.Contains(text.out+text.err, "; degraded: 1\n") {
			t.Errorf("netjail audit: %s", text)
		}
		// The controls: the same profile where nothing is missing, and the same host
		// where the profile demands it.
		if inside := must(t, w.jail("--report", file, prefers, "readlink", link)); inside == own {
			t.Errorf("the command shares %s", own)
		}
		degradedOnly(t, file)
		marker := filepath.Join(w.dir, "started")
		if e := finish(t, without(w.netjail, "run", demands, "touch", marker)); !e.exited(125) || exists(marker) {
			t.Errorf("without `prefer`: %s", e)
		}
	})
}

// degradedOnly wants a report that lists one key with this reason, or none.
func degradedOnly(t *testing.T, file string, want ...string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Degraded []struct{ Key, From, To, Why string }
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	switch {
	case len(want) == 0 && len(r.Degraded) > 0, len(want) > 0 && len(r.Degraded) != 1:
		t.Errorf("the report says %+v", r.Degraded)
	case len(want) > 0 && (r.Degraded[0].Key != want[0] || r.Degraded[0].From != "new" || r.Degraded[0].To != "host" || !strings.Contains(r.Degraded[0].Why, want[1])):
		t.Errorf("the report says %+v, want %q", r.Degraded, want)
	}
}

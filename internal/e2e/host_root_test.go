package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hostRootCases are the ways to be the host's root, and the checks that say so.
var hostRootCases = []struct {
	name, profile string
	checks        []string
}{
	{
		"no user namespace", "namespaces: {user: host}\n",
		[]string{"ids.host-root", "caps.parent", "escape.setns-fd", "escape.setns-proc", "escape.pidfd", "escape.nsfs-handle", "escape.siocgskns"},
	},
	{
		"0 mapped to 0", "uidMappings: [{containerID: 0, hostID: 0, size: 1}]\ngidMappings: [{containerID: 0, hostID: 0, size: 1}]\n",
		[]string{"ids.host-root"},
	},
	{
		"the group mapped to 0", "gidMappings: [{containerID: 0, hostID: 0, size: 1}]\n",
		[]string{"ids.host-root"},
	},
}

const acceptsHostRoot = "acceptsHostRoot: true\n"

// applicable are those of some checks that have a subject on this kernel.
func (r *report) applicable(checks []string) []string {
	return slices.DeleteFunc(slices.Clone(checks), func(check string) bool {
		return slices.ContainsFunc(r.Findings, func(f struct{ Check, Verdict, Basis, Expected, Found, Note string }) bool {
			return f.Check == check && f.Verdict == "not applicable"
		})
	})
}

// asHostRoot is each of the cases, run by root.
func asHostRoot(t *testing.T, f func(t *testing.T, w *world, profile string, checks []string)) {
	if os.Getuid() != 0 {
		t.Skip("only root can be the host's root")
	}
	each(t, func(t *testing.T, w *world) {
		if w.UID != 0 {
			return
		}
		for _, c := range hostRootCases {
			t.Run(c.name, func(t *testing.T) { f(t, w, c.profile, c.checks) })
		}
	})
}

// Without the key it is refused before anything is started, in either mode of the
// audit.
func TestHostRootRefused(t *testing.T) {
	asHostRoot(t, func(t *testing.T, w *world, profile string, _ []string) {
		for _, mode := range []string{"enforce", "report"} {
			marker := filepath.Join(w.dir, "started")
			e := finish(t, w.jail(w.profile(t, "refused", profile+"audit: {mode: "+mode+"}\n"), "touch", marker))
			if !e.exited(125) && !e.exited(2) || exists(marker) || !strings.Contains(e.err, "acceptsHostRoot: true") {
				t.Errorf("%s: %s; the command ran: %t", mode, e, exists(marker))
			}
		}
	})
}

// With it the audit refuses, with the names of the checks and no others.
func TestHostRootFailsByName(t *testing.T) {
	asHostRoot(t, func(t *testing.T, w *world, profile string, checks []string) {
		file, marker := filepath.Join(w.dir, "audit.json"), filepath.Join(w.dir, "started")
		e := finish(t, w.jail("--report", file, w.profile(t, "enforced", acceptsHostRoot+profile), "touch", marker))
		if !e.exited(125) || exists(marker) {
			t.Errorf("%s; the command ran: %t", e, exists(marker))
		}
		if r := readReport(t, file); !slices.Equal(r.failed(), r.applicable(checks)) {
			t.Errorf("failed: %q, want %q", readReport(t, file).failed(), checks)
		}
		if !strings.Contains(e.err, "acceptsHostRoot is true, and such a jail does not hold") {
			t.Errorf("the error does not say what was accepted: %s", e.err)
		}
	})
}

// In mode report it runs, and so it does where each of the checks is waived; the
// command is the host's root then, and the report says so.
func TestHostRootRuns(t *testing.T) {
	asHostRoot(t, func(t *testing.T, w *world, profile string, checks []string) {
		file := filepath.Join(w.dir, "audit.json")
		must(t, w.jail("--report", file, w.profile(t, "reported", acceptsHostRoot+profile+"audit: {mode: report}\n"), "true"))
		if r := readReport(t, file); !slices.Equal(r.failed(), r.applicable(checks)) {
			t.Errorf("in mode report, failed: %q, want %q", readReport(t, file).failed(), checks)
		}
		var waivers []string
		for _, c := range checks {
			waivers = append(waivers, "{check: "+c+", reason: root on purpose}")
		}
		p := w.profile(t, "waived", acceptsHostRoot+profile+"audit: {waivers: ["+strings.Join(waivers, ", ")+"]}\n")
		must(t, w.jail("--report", file, p, "true"))
		r := readReport(t, file)
		if got := r.failed(); got != nil {
			t.Errorf("waived, failed: %q", got)
		}
		less := w.profile(t, "less", acceptsHostRoot+profile+"audit: {waivers: ["+strings.Join(waivers[1:], ", ")+"]}\n")
		if len(waivers) == 1 {
			less = w.profile(t, "less", acceptsHostRoot+profile)
		}
		if e := finish(t, w.jail(less, "true")); !e.exited(125) || !strings.Contains(e.err, "ids.host-root failed") {
			t.Errorf("without the waiver of ids.host-root: %s", e)
		}
	})
}

// An ordinary user gets nothing by it: what he may not map is still refused.
func TestHostRootOrdinaryUser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.UID == 0 {
			return
		}
		e := finish(t, w.jail(w.profile(t, "mapped", acceptsHostRoot+hostRootCases[1].profile), "true"))
		if !e.exited(125) || !strings.Contains(e.err, "an ordinary user may map only his own id") {
			t.Errorf("0 mapped to 0: %s", e)
		}
		e = finish(t, w.jail(w.profile(t, "alone", acceptsHostRoot), "true"))
		if !e.exited(125) || !strings.Contains(e.err, "no map names 0 outside") {
			t.Errorf("without such a map: %s", e)
		}
	})
}

package cli

import (
	"errors"
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/runner"
)

// TestOvertaken: a start is made again where mounts alone stand against it, and
// where anything else does, it is not.
func TestOvertaken(t *testing.T) {
	refused := func(checks ...string) error {
		var list []audit.Finding
		for _, c := range checks {
			list = append(list, audit.Finding{Check: c, Verdict: audit.Fail})
		}
		return &runner.RefusedError{Err: &auditError{list}}
	}
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"no error", nil, false},
		{"another error", errors.New("no"), false},
		{"the tree", refused("fs.root"), true},
		{"the tree and what follows", refused("fs.root", "fs.devices", "proc.setuid", "host.mounts"), true},
		{"the tree and the network", refused("fs.root", "ns.network"), false},
		{"the filter", refused("fs.setid-planting"), false},
		{"nothing named", refused(), false},
	} {
		if got := (&jail{}).overtaken(c.err); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	for _, r := range audit.Rules() {
		if ofMounts(r.ID) && r.Key != "namespaces.pid" && r.Key != "-" && r.Key[:10] != "filesystem" {
			t.Errorf("%s belongs to %s", r.ID, r.Key)
		}
	}
}

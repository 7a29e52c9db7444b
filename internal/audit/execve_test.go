package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
)

// TestAfterExecve holds the formula to capabilities(7) and to the rows of the
// security model's table "Capability sets after unshare", which were measured.
func TestAfterExecve(t *testing.T) {
	all := caps.All
	bind := caps.Of(caps.NetBindService)
	cleared := caps.Sets{Bounding: all, Permitted: all, Effective: all}
	for _, c := range []struct {
		name    string
		before  caps.Sets
		bits    uint32
		uid     uint32
		nnp     bool
		want    caps.Sets
		certain bool
	}{
		{"unmapped", cleared, 0, 65534, false, caps.Sets{Bounding: all}, false},
		{"to 0", cleared, 0, 0, false, caps.Sets{Bounding: all, Permitted: all, Effective: all}, true},
		{"to 0, no_new_privs does not help", cleared, 0, 0, true, caps.Sets{Bounding: all, Permitted: all, Effective: all}, true},
		{"to 0, noroot", cleared, secNoRoot, 0, false, caps.Sets{Bounding: all}, false},
		{"to 0, bounding set dropped", caps.Sets{Permitted: all, Effective: all}, 0, 0, false, caps.Sets{}, true},
		{"to nonzero", cleared, 0, 1001, true, caps.Sets{Bounding: all}, false},
		{"nonzero, ambient raised", caps.Uniform(all), 0, 1001, false, caps.Uniform(all), true},
		{"pinned to none", caps.Sets{Permitted: all, Effective: all}, lockedSecurebits, 1000, true, caps.Sets{}, true},
		{"pinned to none, new privileges", caps.Sets{}, lockedSecurebits, 1000, false, caps.Sets{}, true},
		{"pinned to one", caps.Uniform(bind), lockedSecurebits, 1000, true, caps.Uniform(bind), true},
		{"bounding only, given up", caps.Sets{Bounding: bind}, lockedSecurebits, 1000, true, caps.Sets{Bounding: bind}, true},
		{"bounding only, a file may gain it", caps.Sets{Bounding: bind}, lockedSecurebits, 1000, false, caps.Sets{Bounding: bind}, false},
		{"inheritable only, a file may gain it", caps.Sets{Inheritable: bind}, lockedSecurebits, 1000, false, caps.Sets{Inheritable: bind}, false},
		{"0 under no_new_privs gains nothing", caps.Sets{Bounding: all}, 0, 0, true, caps.Sets{Bounding: all}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, certain := AfterExecve(c.before, c.bits, ids(c.uid), c.nnp)
			if got != c.want || certain != c.certain {
				t.Errorf("got %v, certain %v\nwant %v, certain %v", got, certain, c.want, c.certain)
			}
		})
	}
}

func TestAfterExecveOfMixedIDs(t *testing.T) {
	s := caps.Sets{Bounding: caps.All}
	got, certain := AfterExecve(s, 0, evidence.IDs{Real: 0, Effective: 1000, Saved: 0}, false)
	if got.Permitted != caps.All || !got.Effective.IsEmpty() || certain {
		t.Errorf("real id 0 alone: %v, certain %v", got, certain)
	}
	if _, certain := AfterExecve(caps.Sets{}, lockedSecurebits, evidence.IDs{Real: 1, Effective: 2, Saved: 2}, true); certain {
		t.Error("ids that differ look like a set-user-ID start, and are never certain")
	}
}

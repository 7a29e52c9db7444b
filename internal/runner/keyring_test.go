package runner_test

import (
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
)

// TestKeyringSpoilt: without the call, or with one that only claims to have made a
// keyring, the command does not start; likewise without the reading.
func TestKeyringSpoilt(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, op := range []string{plan.JoinOp, "read.keyring"} {
		for _, pretended := range []bool{false, true} {
			if got := spoilNamed(t, bundled(t, "base"), op, pretended); !slices.Contains(got.Checks, "keys.session") {
				t.Errorf("%s, only claimed %t: %+v", op, pretended, got)
			}
		}
	}
	// A reading that comes before tells of another keyring than the one that was made.
	got := spoil(t, bundled(t, "base"), false, func(l *plan.Plan) *plan.Plan {
		other := *l
		other.Ops = slices.Clone(l.Ops)
		i, j := l.Index(plan.JoinOp), l.Index("read.keyring")
		other.Ops[i], other.Ops[j] = other.Ops[j], other.Ops[i]
		return &other
	})
	if !slices.Contains(got.Checks, "keys.session") {
		t.Errorf("read before: %+v", got)
	}
	jailtest.AlsoAsUser(t)
}

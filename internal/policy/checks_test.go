package policy_test

import (
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/policy"
)

// The key table names the audit's checks, and the audit's checks name keys:
// both say the same.
func TestChecksOfTheAudit(t *testing.T) {
	for _, k := range policy.Keys() {
		for _, id := range k.Checks {
			if _, ok := audit.Lookup(id); !ok {
				t.Errorf("%s: the audit has no check %q", k.Path, id)
			}
		}
	}
	for _, rule := range audit.Rules() {
		if k, ok := policy.LookupKey(rule.Key); ok && !slices.Contains(k.Checks, rule.ID) {
			t.Errorf("%s does not name the check %q, which names it", k.Path, rule.ID)
		}
	}
}

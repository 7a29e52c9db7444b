package policy

import "testing"

// TestRlimitNames: every word is a resource, and only those without effect have no
// word.
func TestRlimitNames(t *testing.T) {
	for _, w := range rlimitWords {
		n, ok := rlimitOf(w.Text)
		if !ok || n.String() != w.Text || checkRlimitType(w.Text) != nil {
			t.Errorf("%s: %d, %t", w.Text, n, ok)
		}
	}
	if len(rlimitWords) != len(rlimitNames)-2 || RlimitCore.String() != "RLIMIT_CORE" || RlimitNoFile.String() != "RLIMIT_NOFILE" {
		t.Errorf("%d words for %d names", len(rlimitWords), len(rlimitNames))
	}
}

func TestRlimitsOrder(t *testing.T) {
	limits := func(list ...Rlimit) *Policy { return &Policy{Process: Process{Rlimits: list}} }
	for _, c := range []struct {
		name string
		a, b *Policy
		want Direction
	}{
		{"the same", limits(Rlimit{7, 1, 2}), limits(Rlimit{7, 1, 2}), Neutral},
		{"a lower soft one", limits(Rlimit{7, 2, 2}), limits(Rlimit{7, 1, 2}), Tighter},
		{"a higher hard one", limits(Rlimit{7, 1, 2}), limits(Rlimit{7, 1, Unlimited}), Looser},
		{"one up, one down", limits(Rlimit{7, 1, 9}), limits(Rlimit{7, 2, 8}), Incomparable},
		{"one more", limits(Rlimit{7, 1, 2}), limits(Rlimit{6, 1, 1}, Rlimit{7, 1, 2}), Tighter},
		{"one for another", limits(Rlimit{7, 1, 2}), limits(Rlimit{6, 1, 1}), Incomparable},
	} {
		if got := rlimitsOrder(c.a, c.b); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

package policy

import (
	"regexp"
	"testing"
)

func TestSeconds(t *testing.T) {
	for text, want := range map[string]struct {
		n     Seconds
		again string
	}{
		"10m": {600, "10m"}, "90s": {90, "1m30s"}, "1h30m": {5400, "1h30m"}, "1s": {1, "1s"}, "90m": {5400, "1h30m"},
		"1h1s": {3601, "1h1s"}, "8760h": {maxSeconds, "8760h"}, "1h90m": {9000, "2h30m"},
	} {
		got, ok := parseSeconds(text)
		if !ok || got != want.n || got.String() != want.again || checkDuration(text) != nil {
			t.Errorf("%s: %d, %t, %s", text, got, ok, got)
		}
	}
	for _, text := range []string{"", "0s", "0", "10", "m", "10M", "10 m", "1m1h", "1s1s", "01m", "-1m", "+1m", "1.5h", "1d", "10ms", "1h ", "8760h1s", "4294967296s", "99999999999999999999h", "1_0s"} {
		if checkDuration(text) == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, c := range []struct {
		a, b Seconds
		want Direction
	}{{0, 0, Neutral}, {0, 5, Tighter}, {5, 0, Looser}, {5, 6, Looser}, {6, 5, Tighter}, {5, 5, Neutral}} {
		a, b := &Policy{Process: Process{Timeout: c.a}}, &Policy{Process: Process{Timeout: c.b}}
		if got := timeoutOrder(a, b); got != c.want {
			t.Errorf("%d to %d: %v", c.a, c.b, got)
		}
	}
}

// FuzzSeconds: the check, the parser and the schema's pattern accept the same, but
// for spans that are too long; and what is printed is read again.
func FuzzSeconds(f *testing.F) {
	for _, text := range []string{"10m", "1h30m", "1m1h", "0s", "8761h"} {
		f.Add(text)
	}
	pattern := regexp.MustCompile(durationPattern)
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := parseSeconds(text)
		if ok != (checkDuration(text) == nil) || ok && !pattern.MatchString(text) {
			t.Errorf("%q: parsed %t, pattern %t", text, ok, pattern.MatchString(text))
		}
		if again, back := parseSeconds(n.String()); ok && (again != n || !back) {
			t.Errorf("%q: %d comes back as %d", text, n, again)
		}
	})
}

package policy

import (
	"regexp"
	"testing"
)

func TestUmask(t *testing.T) {
	for text, want := range map[string]uint32{"0000": 0, "0022": 0o22, "0777": 0o777} {
		got, ok := parseUmask(text)
		if u := (Umask{ok, got}); !ok || got != want || u.String() != text || checkUmask(text) != nil {
			t.Errorf("%s: %o, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "0", "22", "022", "00022", "1022", "0088", "-022", "+022", "0o22", "0_22", " 022", "9999"} {
		if checkUmask(text) == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, c := range []struct {
		a, b uint32
		want Direction
	}{{0o22, 0o22, Neutral}, {0o22, 0o77, Tighter}, {0o77, 0o22, Looser}, {0o20, 0o02, Incomparable}} {
		a, b := &Policy{Process: Process{Umask: Umask{true, c.a}}}, &Policy{Process: Process{Umask: Umask{true, c.b}}}
		if got := umaskOrder(a, b); got != c.want {
			t.Errorf("%o to %o: %v", c.a, c.b, got)
		}
	}
}

// FuzzUmask: the check, the parser and the schema's pattern accept the same.
func FuzzUmask(f *testing.F) {
	for _, text := range []string{"0022", "0777", "1000", "22", "-022"} {
		f.Add(text)
	}
	pattern := regexp.MustCompile(umaskPattern)
	f.Fuzz(func(t *testing.T, text string) {
		_, ok := parseUmask(text)
		if ok != (checkUmask(text) == nil) || ok != pattern.MatchString(text) {
			t.Errorf("%q: parsed %t, pattern %t", text, ok, pattern.MatchString(text))
		}
	})
}

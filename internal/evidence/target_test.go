package evidence

import (
	"slices"
	"strings"
	"testing"
)

// statLine is a line of /proc/PID/stat with this name.
func statLine(name string) string {
	return "71 (" + name + ") S 1 71 71 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 12345 1000 2 18446744073709551615 0 0\n"
}

func TestParseStart(t *testing.T) {
	for _, name := range []string{"sleep", "", "a b", ") R 1 (", "a\nb", "\x1b[2J", "(((", ")))"} {
		got, start, err := parseStart([]byte(statLine(name)))
		if err != nil || got != name || start != 12345 {
			t.Errorf("%q: %q, %d, %v", name, got, start, err)
		}
	}
	for _, bad := range []string{"", "71 sleep S 1", "71 (sleep", "71 (sleep) S 1 2", strings.Replace(statLine("x"), "12345", "-1", 1)} {
		if _, _, err := parseStart([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func FuzzParseStart(f *testing.F) {
	f.Add(")) R 1")
	f.Fuzz(func(t *testing.T, name string) {
		if got, start, err := parseStart([]byte(statLine(name))); err != nil || got != name || start != 12345 {
			t.Errorf("%q: %q, %d, %v", name, got, start, err)
		}
		parseStart([]byte(name))
		parseMountID([]byte(name))
		environNames([]byte(name))
	})
}

func TestEnvironNames(t *testing.T) {
	got := environNames([]byte("A=1\x00B=\x00=x\x00nothing\x00C=a=b"))
	if !slices.Equal(got, []string{"A", "B", "C"}) {
		t.Errorf("%q", got)
	}
}

func TestParseMountID(t *testing.T) {
	if id, err := parseMountID([]byte("pos:\t0\nflags:\t0100000\nmnt_id:\t29\nino:\t5\n")); id != 29 || err != nil {
		t.Errorf("%d, %v", id, err)
	}
	for _, bad := range []string{"", "pos:\t0\n", "mnt_id:\t-1\n", "mnt_id:\t0x1\n", "mnt_id:\t1"} {
		if _, err := parseMountID([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

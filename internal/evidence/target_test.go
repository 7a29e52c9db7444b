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
		parseFDInfo([]byte(name))
		environNames([]byte(name))
	})
}

func TestEnvironNames(t *testing.T) {
	got := environNames([]byte("A=1\x00B=\x00=x\x00nothing\x00C=a=b"))
	if !slices.Equal(got, []string{"A", "B", "C"}) {
		t.Errorf("%q", got)
	}
}

func TestParseFDInfo(t *testing.T) {
	for text, want := range map[string]FDInfo{
		"pos:\t0\nflags:\t0100000\nmnt_id:\t29\nino:\t5\n": {Mount: 29, Thread: -1},
		"mnt_id:\t17\nPid:\t4711\nNSpid:\t4711\n":          {Mount: 17, PID: 4711, Thread: -1},
		"Pid:\t-1\nNSpid:\t-1\n":                           {PID: -1, Thread: -1},
		"iff:\ttun7\n":                                     {Interface: "tun7", Thread: -1},
		"SqThread:\t-1\n":                                  {Thread: -1},
		"SqMask:\t0x7\nSqThread:\t88\n  0: /Pid: 3\n":      {Thread: 88},
		"eventfd-count: ff\neventfd-id: 12\n":              {Event: 12, Thread: -1},
		"":                                                 {Thread: -1},
	} {
		if got, err := parseFDInfo([]byte(text)); got != want || err != nil {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, bad := range []string{"mnt_id:\t0x1\n", "mnt_id:\t1", "Pid:\t\n", "SqThread:\tnone\n", "Pid:\t99999999999\n"} {
		if _, err := parseFDInfo([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

package evidence

import (
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/netjail/netjail/internal/plan"
)

const econnrefused = -int64(syscall.ECONNREFUSED)

func TestUnixAttempts(t *testing.T) {
	control, path := answered(plan.FactUnixControl, 0), answered(plan.FactUnixPathControl, 0)
	first := func(result int64) plan.Reading { return answered(plan.FactUnix(0), result) }
	for _, c := range []struct {
		name     string
		readings []plan.Reading
		want     string
	}{
		{"none", []plan.Reading{control}, ""},
		{"refused", []plan.Reading{control, first(econnrefused)}, "{true false ECONNREFUSED}"},
		{"refused, two controls", []plan.Reading{control, path, first(econnrefused)}, "{true false ECONNREFUSED}"},
		{"no such path", []plan.Reading{control, first(enoent)}, "{true false ENOENT}"},
		{"in reach", []plan.Reading{control, first(0)}, "{true true }"},
		{"in reach beside a dead control", []plan.Reading{answered(plan.FactUnixControl, ebadf), first(0)}, "{false true }"},
		{"dead control", []plan.Reading{answered(plan.FactUnixControl, econnrefused), first(econnrefused)}, "{false false ECONNREFUSED}"},
		{"dead second control", []plan.Reading{control, answered(plan.FactUnixPathControl, enoent), first(enoent)}, "{false false ENOENT}"},
		{"no control", []plan.Reading{first(econnrefused)}, "unknown: control: the plan has no such reading"},
		{"no socket", []plan.Reading{control, first(ebadf)}, "unknown: the probe itself is broken: EBADF"},
		{"its queue was full", []plan.Reading{control, first(-int64(syscall.EAGAIN))}, "unknown: the probe itself is broken: EAGAIN"},
		{"twice", []plan.Reading{control, first(0), first(0)}, "unknown: the plan reads it twice, and a fact has one value"},
		{"three of them", []plan.Reading{control, first(enoent), answered(plan.FactUnix(1), 0), answered(plan.FactUnix(2), eacces)}, "{true false ENOENT} {true true } {true false EACCES}"},
	} {
		in := FromReadings(c.readings, true)
		got := make([]string, len(in.Unix))
		for i := range in.Unix {
			got[i] = plain(in.Unix[i])
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: got %s, want %s", c.name, text, c.want)
		}
		if cheap := FromReadings(c.readings, false); cheap.Unix != nil {
			t.Errorf("%s: a start that is no full audit has %v", c.name, cheap.Unix)
		}
	}
}

// netUnix is /proc/net/unix as Linux 6.18 writes it.
const netUnix = "Num       RefCount Protocol Flags    Type St Inode Path\n" +
	"0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/a\n" +
	"0000000000000000: 00000003 00000000 00000000 0001 03 12346 /run/a\n" +
	"0000000000000000: 00000002 00000000 00000000 0002 01     7 /home/u/with blank\n" +
	"0000000000000000: 00000002 00000000 00010000 0005 01 12347 @/abstract\n" +
	"0000000000000000: 00000003 00000000 00000000 0001 03 12348\n" +
	"0000000000000000: 00000002 00000000 00010000 0001 01 12349 sub/relative\n" +
	"0000000000000000: 00000002 00000000 00010000 0001 01 12350 /run/two\nlines\n"

func TestBoundNames(t *testing.T) {
	for _, c := range []struct{ paths, want []string }{
		{[]string{"/"}, []string{"/run/a", "/home/u/with blank", "/run/two"}},
		{[]string{"/home/u", "/run/a"}, []string{"/run/a", "/home/u/with blank"}},
		{[]string{"/ru"}, nil},
	} {
		names, relative, err := boundNames([]byte(netUnix), c.paths)
		if err != nil || relative != 1 || !slices.Equal(names, c.want) {
			t.Errorf("below %q: got %q, %d relative, %v; want %q", c.paths, names, relative, err, c.want)
		}
	}
	for _, text := range []string{"", "\n", "RefCount\n"} {
		if got, _, err := boundNames([]byte(text), []string{"/"}); err == nil {
			t.Errorf("%q was taken for %q", text, got)
		}
	}
}

func FuzzBoundNames(f *testing.F) {
	f.Add([]byte(netUnix))
	f.Add([]byte("Num \n: : : : : : : /\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		absolute, relative, err := boundNames(text, []string{"/"})
		if err != nil && (absolute != nil || relative != 0) {
			t.Error("names beside an error")
		}
		for i, name := range absolute {
			if name == "" || name[0] != '/' || strings.Contains(name, "\n") || slices.Contains(absolute[:i], name) {
				t.Errorf("name %d is %q", i, name)
			}
		}
	})
}

func TestBelowAny(t *testing.T) {
	paths := []string{"/home/u/p", "/run/x"}
	for name, want := range map[string]bool{
		"/home/u/p": true, "/home/u/p/a/b": true, "/home/u/p2": false, "/home/u": false, "/run/x": true,
		"/home/u/p/../q": false, "/home/u/p/.": true, "/home/u/p/.git/x": true, "/home/u/q/../p/a": true, "//run//x/y": true, "/": false,
	} {
		if got := belowAny([]byte(name), paths); got != want {
			t.Errorf("%q: %t, want %t", name, got, want)
		}
	}
	if !belowAny([]byte("/anything"), []string{"/"}) {
		t.Error("everything is below /")
	}
}

package evidence

import (
	"os"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// TestParseSession: the name may hold anything, the numbers may not.
func TestParseSession(t *testing.T) {
	want := Session{Group: 3, ID: 2, Terminal: 34817, Foreground: -1}
	for text, ok := range map[string]bool{
		"7 (sh) S 1 3 2 34817 -1 4194560 1\n":              true,
		"7 (a) S 9 9 9 (b\n) S 1 3 2 34817 -1 4194560 1\n": true,
		"7 (sh) S 1 3 2 34817 -1":                          true,
		"7 (sh) S 1 3 2 34817":                             false,
		"7 (sh) S 1 3 x 34817 -1 1":                        false,
		"7 (sh) S 1 3 2 99999999999 -1 1":                  false,
		"7 sh S 1 3 2 34817 -1 1":                          false,
		"":                                                 false,
	} {
		got, err := parseSession([]byte(text))
		if (err == nil) != ok || ok && got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// TestParseAccess: the flags are octal, and there must be one line of them.
func TestParseAccess(t *testing.T) {
	for text, want := range map[string]int{
		"pos:\t0\nflags:\t0100000\nmnt_id:\t9\n": unix.O_RDONLY,
		"pos:\t0\nflags:\t0102001\n":             unix.O_WRONLY,
		"flags:\t02\n":                           unix.O_RDWR,
		"flags:\t08\n":                           -1,
		"flags:\t02":                             -1,
		"flags:\t02\nflags:\t00\n":               -1,
		"pos:\t0\n":                              -1,
		"":                                       -1,
	} {
		got, err := parseAccess([]byte(text))
		if (err == nil) != (want >= 0) || err == nil && got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
}

// TestReadTerminal reads this process's own descriptors and session.
func TestReadTerminal(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	f, err := os.OpenFile(slave.Name(), os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := ReadTerminal(int(slave.Fd()))
	if want == nil || want.Device == 0 {
		t.Fatalf("the terminal is %+v", want)
	}
	found := 0
	for _, d := range known(t, "fds", ReadProcess(os.Getpid(), Options{FDs: true}).FDs) {
		access := map[int]int{int(slave.Fd()): unix.O_RDWR, int(f.Fd()): unix.O_WRONLY}
		if a, ours := access[d.Number]; ours {
			found++
			if got := known(t, "terminal", d.Terminal); got.Terminal != *want || got.Access != a {
				t.Errorf("descriptor %d: %+v", d.Number, got)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d of 2 terminals found", found)
	}
	own := known(t, "session", ReadSession(os.Getpid()))
	sid, err := unix.Getsid(0)
	if err != nil || own.ID != sid || own.Group != unix.Getpgrp() {
		t.Errorf("%+v, the session is %d (%v)", own, sid, err)
	}
	if gone := ReadSession(1 << 22); gone.Known || gone.Why == "" {
		t.Errorf("%+v", gone)
	}
	if ReadTerminal(-1) != nil {
		t.Error("a terminal at -1")
	}
}

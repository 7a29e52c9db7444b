package host

import (
	"os"
	"os/user"
	"strings"
	"testing"
)

func TestHomeOf(t *testing.T) {
	const table = `root:x:0:0:root:/root:/bin/bash
# me:x:1000:1000::/comment:/bin/sh
+::::::
garbage
:::
a:b:c:d:e:f:g:h
daemon:x:1:1:daemon:/usr/sbin/:/usr/sbin/nologin
me:x:1000:1000:Me,,,:/home/me:/bin/sh
again:x:1000:100::/home/me/:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
long:x:10001:1::/home/long:/bin/sh
`
	for uid, want := range map[uint32]string{0: "/root", 1: "/usr/sbin", 1000: "/home/me", 65534: "/", 10001: "/home/long"} {
		if got, err := homeOf(table, uid); got != want || err != nil {
			t.Errorf("user %d: %q, %v; want %q", uid, got, err, want)
		}
	}
	for _, tt := range []struct{ line, why string }{
		{"", "no line for user 7"},
		{"me:x:77:7::/home/me:/bin/sh", "no line for user 7"},
		{"me:x::7::/home/me:/bin/sh", "no line for user 7"},
		{"me:x:7:7::/home/me", "line 1: 6 fields"},
		{"me:x:7:7::/home/me:/bin/sh:more", "line 1: 8 fields"},
		{"me:x:07:7::/home/me:/bin/sh", `"07" is an odd spelling`},
		{"me:x: 7:7::/home/me:/bin/sh", `" 7" is an odd spelling`},
		{"me:x:+7:7::/home/me:/bin/sh", `"+7" is an odd spelling`},
		{"me:x:7:7::home/me:/bin/sh", "no absolute path"},
		{"me:x:7:7:::/bin/sh", "no absolute path"},
		{"me:x:7:7::/home/../root:/bin/sh", "no absolute path"},
		{"me:x:7:7::/home//me:/bin/sh", "no absolute path"},
		{"me:x:7:7::/home/me//:/bin/sh", "no absolute path"},
		{"me:x:7:7::/home/me:/bin/sh\nyou:x:7:7::/home/you:/bin/sh", "line 2: user 7 has a second home"},
	} {
		if got, err := homeOf(tt.line, 7); err == nil || !strings.Contains(err.Error(), tt.why) {
			t.Errorf("%q: %q, %v; want %q", tt.line, got, err, tt.why)
		}
	}
	if got, err := homeOf("toor:x:00:0::/toor:/bin/sh", 0); err == nil {
		t.Errorf("00 was taken for 0: %q", got)
	}
}

// FuzzHomeOf: a home is an absolute path that stands in the text.
func FuzzHomeOf(f *testing.F) {
	f.Add("root:x:0:0:root:/root:/bin/bash\nme:x:1000:1000::/home/me/:/bin/sh\n", uint32(0))
	f.Add("x:x:01:::/:\n", uint32(1))
	f.Fuzz(func(t *testing.T, text string, uid uint32) {
		home, err := homeOf(text, uid)
		if err != nil {
			return
		}
		if !cleanPath(home) || !strings.Contains(text, ":"+home) {
			t.Errorf("%q of %q", home, text)
		}
	})
}

// TestReadHome compares with what package os/user finds, for this user and for
// root. HOME is not asked.
func TestReadHome(t *testing.T) {
	t.Setenv("HOME", "/somewhere/else")
	for _, uid := range []string{"0", "1"} {
		u, err := user.LookupId(uid)
		if err != nil {
			t.Fatal(err)
		}
		if home, why := readHome(uint32(uid[0] - '0')); home != strings.TrimSuffix(u.HomeDir, "/") || why != "" {
			t.Errorf("user %s: %q, %q; want %q", uid, home, why, u.HomeDir)
		}
	}
	home, why := readHome(uint32(os.Getuid()))
	if home == "/somewhere/else" || home == "" && !strings.Contains(why, "/etc/passwd: it has no line") {
		t.Errorf("%q, %q", home, why)
	}
	if home, why = readHome(4000000001); home != "" || why != "/etc/passwd: it has no line for user 4000000001" {
		t.Errorf("%q, %q", home, why)
	}
}

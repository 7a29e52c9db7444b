package caps

import (
	"strings"
	"testing"
)

func TestTableIsWhole(t *testing.T) {
	if len(names) != int(Last)+1 || Last != CheckpointRestore {
		t.Fatalf("the table has %d names, Last is %d", len(names), Last)
	}
	seen := map[string]bool{}
	for i, name := range Names() {
		if !strings.HasPrefix(name, "CAP_") || name != strings.ToUpper(name) || seen[name] {
			t.Errorf("capability %d is called %q", i, name)
		}
		seen[name] = true
		if c, ok := ParseName(name); !ok || c != Cap(i) || c.String() != name {
			t.Errorf("%s is parsed as %d, %v", name, c, ok)
		}
	}
}

// TestNumbers pins some numbers of linux/capability.h, since an iota shifts all
// that follow when one line is lost.
func TestNumbers(t *testing.T) {
	want := map[Cap]uint8{
		Chown: 0, Setpcap: 8, NetBindService: 10, NetAdmin: 12, SysModule: 16, SysPtrace: 19,
		SysAdmin: 21, SysResource: 24, Mknod: 27, Setfcap: 31, MACOverride: 32, Syslog: 34,
		AuditRead: 37, Perfmon: 38, BPF: 39, CheckpointRestore: 40,
	}
	for c, n := range want {
		if uint8(c) != n {
			t.Errorf("%s is %d, want %d", c, c, n)
		}
	}
}

func TestParseNameIsExact(t *testing.T) {
	for _, s := range []string{"", "CAP_", "cap_chown", "CHOWN", "CAP_CHOWN ", "CAP_ALL", "0", "41", "CAP_41"} {
		if c, ok := ParseName(s); ok {
			t.Errorf("%q is taken for %s", s, c)
		}
	}
}

func TestNamesIsACopy(t *testing.T) {
	Names()[0] = "changed"
	if Chown.String() != "CAP_CHOWN" {
		t.Error("a caller can change the table")
	}
}

func TestUnknownNumberIsPrinted(t *testing.T) {
	if got := Cap(41).String(); got != "41" {
		t.Errorf("got %q", got)
	}
}

package evidence

import (
	"os"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
)

const goodKeys = `02b359a2 I------     1 perm 1f030000     0     0 keyring   .dns_resolver: empty
27a34901 I--Q---     1 perm 1f3f0000     0 65534 keyring   _uid_ses.0: 1
0655c7bd I--Q---     1   2w 3f030000  1001  1001 keyring   _ses: empty
1f2f3f4f I--Q---     1 perm 3f010000  1001  1001 user      two  words: 5
`

func TestFindKey(t *testing.T) {
	for serial, want := range map[Serial]Key{
		0x0655c7bd: {"keyring", "_ses: empty"},
		0x27a34901: {"keyring", "_uid_ses.0: 1"},
		0x1f2f3f4f: {"user", "two words: 5"},
	} {
		if got, err := findKey([]byte(goodKeys), serial); err != nil || got != want {
			t.Errorf("%s: %+v, %v", serial, got, err)
		}
	}
	if got, err := findKey([]byte(goodKeys), 0x655c7b); err == nil {
		t.Errorf("%+v", got)
	}
	for _, text := range []string{"x", goodKeys[:len(goodKeys)-1], "zzzzzzzz a b c d e f g h\n", "655c7bd a b c d e f g h\n", "02b359a2 I\n"} {
		if got, err := findKey([]byte(text), 0x0655c7bd); err == nil && text != goodKeys {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestReadingKeyring: a call that claims success, and gives no number, tells
// nothing.
func TestReadingKeyring(t *testing.T) {
	for result, want := range map[int64]string{0x655c7bd: "", 0: "answered 0", -38: "ENOSYS", 1 << 31: "never does"} {
		in := FromReadings([]plan.Reading{answered(plan.FactJoined, result), answered(plan.FactKeyring, result)}, false)
		for _, f := range []Fact[Serial]{in.NewKeyring, in.Keyring} {
			if f.Known != (want == "") || !strings.Contains(f.Why, want) {
				t.Errorf("%d: %+v", result, f)
			}
		}
	}
}

// TestOwnKeyring: this process's own can be asked for, and seen.
func TestOwnKeyring(t *testing.T) {
	if _, err := os.Stat("/proc/keys"); err != nil {
		jailtest.Lacking(t, "this kernel has no keyrings: "+err.Error())
	}
	own := ReadKeyring()
	if seen := ReadKey(own); known(t, "own keyring", own) <= 0 || known(t, "key", seen).Type != "keyring" {
		t.Errorf("%+v, %+v", own, seen)
	}
	if f := ReadKey(Unknown[Serial]("", "x")); f.Known {
		t.Errorf("%+v", f)
	}
}

func FuzzKeys(f *testing.F) {
	f.Add([]byte(goodKeys), int32(0x0655c7bd))
	f.Fuzz(func(t *testing.T, text []byte, serial int32) {
		key, err := findKey(text, Serial(serial))
		if err == nil && !strings.Contains(string(text), key.Type) {
			t.Fatalf("%+v is not in the text", key)
		}
	})
}

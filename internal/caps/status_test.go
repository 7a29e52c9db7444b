package caps

import (
	"strings"
	"testing"
)

const goodStatus = "Name:\tcat\nUid:\t0\t0\t0\t0\n" +
	"CapInh:\t0000000000000001\nCapPrm:\t0000000000000002\nCapEff:\t0000000000000004\n" +
	"CapBnd:\t000001ffffffffff\nCapAmb:\t0000020000000000\nNoNewPrivs:\t0\n"

func TestParseStatus(t *testing.T) {
	got, err := ParseStatus([]byte(goodStatus))
	want := Sets{Inheritable: 1, Permitted: 2, Effective: 4, Bounding: All, Ambient: Of(41)}
	if err != nil || got != want {
		t.Fatalf("got %v, %v", got, err)
	}
}

func TestParseStatusRefuses(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(goodStatus, old, new, 1) }
	tests := []struct{ name, text, err string }{
		{"nothing", "", "the inheritable set is missing"},
		{"missing line", change("CapAmb:\t0000020000000000\n", ""), "the ambient set is missing"},
		{"doubled line", goodStatus + "CapEff:\t0000000000000000\n", "the effective set is there twice"},
		{"cut short", goodStatus[:len(goodStatus)-1], "the last line is cut short"},
		{"cut inside a set", goodStatus[:strings.Index(goodStatus, "CapAmb")+10], "the last line is cut short"},
		{"short", change("000001ffffffffff", "1ffffffffff"), "not 16 hex digits"},
		{"long", change("000001ffffffffff", "0000001ffffffffff"), "not 16 hex digits"},
		{"upper case", change("000001ffffffffff", "000001FFFFFFFFFF"), "not 16 hex digits"},
		{"no digit", change("000001ffffffffff", "000001fffffffff "), "not 16 hex digits"},
		{"other blank", change("CapBnd:\t", "CapBnd: "), "the bounding set is missing"},
		{"two on one line", change("\nCapEff", " CapEff"), "not 16 hex digits"},
	}
	for _, tt := range tests {
		got, err := ParseStatus([]byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.err)
		}
		if got != (Sets{}) {
			t.Errorf("%s: an error came with sets: %v", tt.name, got)
		}
	}
}

func TestNameCannotPose(t *testing.T) {
	text := strings.Replace(goodStatus, "Name:\tcat", `Name:\tx\nCapEff:\t000001ffffffffff`, 1)
	got, err := ParseStatus([]byte(text))
	if err != nil || got.Effective != 4 {
		t.Errorf("got %v, %v", got, err)
	}
}

func FuzzParseStatus(f *testing.F) {
	f.Add([]byte(goodStatus))
	f.Add([]byte(goodStatus + goodStatus))
	f.Add([]byte("CapInh:\t"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sets, err := ParseStatus(text)
		if err != nil {
			if sets != (Sets{}) {
				t.Fatal("an error came with sets")
			}
			return
		}
		for _, k := range Kinds() {
			if strings.Count("\n"+string(text), "\n"+statusKey(k)+sets.Get(k).Hex()+"\n") != 1 {
				t.Fatalf("%s %s is not in the text exactly once", k, sets.Get(k).Hex())
			}
		}
	})
}

func FuzzParseHex(f *testing.F) {
	f.Add([]byte("000001ffffffffff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := ParseHex(text); err == nil && s.Hex() != string(text) {
			t.Fatalf("%q became %s", text, s.Hex())
		}
	})
}

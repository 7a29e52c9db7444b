package evidence

import (
	"fmt"
	"slices"
	"testing"
)

func sprint(v any) string { return fmt.Sprint(v) }

func TestIDMap(t *testing.T) {
	tests := []struct {
		text string
		want []IDMapLine
	}{
		{"", nil},
		{"         0       1001          1\n", []IDMapLine{{0, 1001, 1}}},
		{"         0          0 4294967295\n", []IDMapLine{{0, 0, 4294967295}}},
		{"0 100000 65536\n65536 7 1\n", []IDMapLine{{0, 100000, 65536}, {65536, 7, 1}}},
		{"         0 4294967295          1\n", []IDMapLine{{0, 4294967295, 1}}},
	}
	for _, tt := range tests {
		got, err := parseIDMap([]byte(tt.text))
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, %v", tt.text, got, err)
		}
	}
}

func TestIDMapRefuses(t *testing.T) {
	for _, text := range []string{
		"\n", "0 0\n", "0 0 1 1\n", "0 0 1", "0 0 0\n", "0 0 01\n", "a 0 1\n", "0 -1 1\n",
		"0 0 4294967296\n", "0 0 1\n0 0\n", "0 0 1\x00\n", "0,0,1\n",
	} {
		if got, err := parseIDMap([]byte(text)); err == nil || got != nil {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestSetgroups(t *testing.T) {
	for _, word := range []string{"allow", "deny"} {
		if got, err := parseSetgroups([]byte(word + "\n")); err != nil || got != word {
			t.Errorf("%s: got %q, %v", word, got, err)
		}
	}
	for _, text := range []string{"", "allow", "deny\n\n", "Deny\n", "allowed\n"} {
		if got, err := parseSetgroups([]byte(text)); err == nil {
			t.Errorf("%q was taken for %q", text, got)
		}
	}
}

func FuzzIDMap(f *testing.F) {
	for _, text := range allCaptured(f, "uid_map") {
		f.Add(text)
	}
	f.Add([]byte("0 100000 65536\n65536 7 1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, err := parseIDMap(text)
		if err != nil {
			return
		}
		again := ""
		for _, l := range lines {
			again += fmt.Sprintf("%10d %10d %10d\n", l.Inside, l.Outside, l.Size)
		}
		same, err := parseIDMap([]byte(again))
		if err != nil || !slices.Equal(lines, same) {
			t.Fatalf("%q became %q", text, again)
		}
	})
}

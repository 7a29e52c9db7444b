package caps

import (
	"strconv"
	"testing"
)

func TestParseLastCap(t *testing.T) {
	for text, want := range map[string]Cap{"0\n": 0, "9\n": 9, "40\n": 40, "63\n": 63} {
		if got, err := parseLastCap([]byte(text)); err != nil || got != want {
			t.Errorf("%q: got %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "\n", "40", "040\n", "00\n", "64\n", "99\n", "-1\n", "+4\n", " 4\n", "4 \n", "4\n\n", "0x4\n", "4e\n"} {
		if got, err := parseLastCap([]byte(text)); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
}

func FuzzParseLastCap(f *testing.F) {
	f.Add([]byte("40\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseLastCap(text)
		if err == nil && strconv.Itoa(int(c))+"\n" != string(text) {
			t.Fatalf("%q became %d", text, c)
		}
	})
}

package host

import (
	"strings"
	"testing"
)

func TestTimeWhyOn(t *testing.T) {
	for _, c := range []struct {
		release string
		why     string // part of it; empty where it works
	}{
		{"6.3.0", ""},
		{"6.18.44-custom", ""},
		{"7.0.0-rc1", ""},
		{"10.2", ""},
		{"6.2.16", "Linux 6.3"},
		{"6.1.0-18-amd64", "6.1.0-18-amd64"},
		{"5.15.0", "execve(2)"},
		{"4.20", "Linux 6.3"},
		{"", "does not begin"},
		{"six", "does not begin"},
		{"6", "does not begin"},
	} {
		if got := timeWhyOn(c.release); (got == "") != (c.why == "") || !strings.Contains(got, c.why) {
			t.Errorf("%q: %q, want %q", c.release, got, c.why)
		}
	}
}

package evidence

import (
	"bytes"
	"errors"
	"testing"
)

func TestEachLine(t *testing.T) {
	var got []string
	err := eachLine([]byte("a\n\nb\n"), func(line []byte) error {
		got = append(got, string(line))
		return nil
	})
	if err != nil || len(got) != 3 || got[0] != "a" || got[1] != "" || got[2] != "b" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEachLineFails(t *testing.T) {
	ignore := func([]byte) error { return nil }
	if err := eachLine([]byte("a\nb"), ignore); err != errCutShort {
		t.Errorf("cut short: %v", err)
	}
	stop := errors.New("stop")
	if err := eachLine([]byte("a\nb"), func([]byte) error { return stop }); err != stop {
		t.Errorf("the first error does not count: %v", err)
	}
}

func TestFields(t *testing.T) {
	tests := []struct {
		line string
		n    int
		want string // fields joined by |, or "-" where the number is wrong
	}{
		{"", 0, ""},
		{"  \t", 0, ""},
		{" a  b\tc ", 3, "a|b|c"},
		{"a b", 3, "-"},
		{"a b c d", 3, "-"},
		{"", 1, "-"},
	}
	for _, tt := range tests {
		into := make([][]byte, tt.n)
		got := "-"
		if fields(into, []byte(tt.line)) {
			got = string(bytes.Join(into, []byte("|")))
		}
		if got != tt.want {
			t.Errorf("%q into %d: got %q, want %q", tt.line, tt.n, got, tt.want)
		}
	}
}

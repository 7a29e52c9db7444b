package evidence

import (
	"os"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
)

func TestParseClocks(t *testing.T) {
	for _, c := range []struct{ text, want, wrong string }{
		{"monotonic           0         0\nboottime            0         0\n", "monotonic +0s, boottime +0s", ""},
		{"monotonic       86400         0\nboottime      -100000         5\n", "monotonic +86400s, boottime -99999.999999995s", ""},
		{"monotonic          -1 500000000\nboottime            1 250000000\n", "monotonic -0.500000000s, boottime +1.250000000s", ""},
		{"", "", "two clocks"},
		{"monotonic 0 0\n", "", "two clocks"},
		{"boottime 0 0\nmonotonic 0 0\n", "", "offset of a clock"},
		{"monotonic 0 0\nboottime 0 0\nboottime 0 0\n", "", "offset of a clock"},
		{"monotonic 0\nboottime 0 0\n", "", "offset of a clock"},
		{"monotonic x 0\nboottime 0 0\n", "", "invalid syntax"},
		{"monotonic 0 -1\nboottime 0 0\n", "", "invalid syntax"},
		{"monotonic 0 9999999999\nboottime 0 0\n", "", "out of range"},
	} {
		got, err := parseClocks([]byte(c.text))
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%q: %v, want %q", c.text, err, c.wrong)
			}
			continue
		}
		if err != nil || got.String() != c.want {
			t.Errorf("%q: %s, %v", c.text, got, err)
		}
	}
}

// TestReadClocks: both ways to read them agree about a process of this kernel.
func TestReadClocks(t *testing.T) {
	text, err := os.ReadFile("/proc/self/timens_offsets")
	if err != nil {
		jailtest.Lacking(t, err.Error())
	}
	buffer := append(text, make([]byte, 64)...)
	in := FromReadings([]plan.Reading{{Fact: plan.FactTimeOffset, Done: true, Result: int64(len(text)), Data: buffer}}, false)
	out := ReadProcess(os.Getpid(), Options{Clocks: true})
	if !in.Clocks.Known || !out.Clocks.Known || in.Clocks.Value != out.Clocks.Value {
		t.Errorf("inside %+v, outside %+v", in.Clocks, out.Clocks)
	}
	if none := ReadProcess(os.Getpid(), Options{}); none.Clocks.Known {
		t.Error("read although nobody asked")
	}
}

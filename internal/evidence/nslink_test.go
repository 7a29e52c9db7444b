package evidence

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/netjail/netjail/internal/ns"
)

func TestNSLink(t *testing.T) {
	got, err := parseNSLink([]byte("net:[4026531833]"), ns.Network)
	if err != nil || got != 4026531833 {
		t.Errorf("got %d, %v", got, err)
	}
	for _, text := range []string{
		"", "net:[]", "net:[0]", "net:[01]", "net:[-1]", "net:[1", "net:1]", "net[1]", "net:[1]]", "net:[1] ",
		"mnt:[4026531833]", "networks:[1]", "net:[18446744073709551616]", "/net:[1]", "net:[1]\n",
	} {
		if got, err := parseNSLink([]byte(text), ns.Network); err == nil {
			t.Errorf("%q was taken for %d", text, got)
		}
	}
}

func TestCapturedLinks(t *testing.T) {
	for i, text := range allCaptured(t, "ns") {
		lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
		for k, line := range lines { // they were captured without the time namespace, the last kind
			if _, err := parseNSLink(line, ns.Kind(k)); err != nil {
				t.Errorf("capture %d: %v", i, err)
			}
		}
	}
}

func FuzzNSLink(f *testing.F) {
	f.Add([]byte("net:[4026531833]"))
	f.Add([]byte("user:[4026531837]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, k := range ns.All() {
			id, err := parseNSLink(text, k)
			if err == nil && string(text) != fmt.Sprintf("%s:[%d]", k.Link(), id) {
				t.Fatalf("%q was taken for %d", text, id)
			}
		}
	})
}

package trial

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// said is a side whose probe came to its end with these words.
func said(words ...string) *Seen {
	return &Seen{End: EndStatus, Stdout: []byte(strings.Join(words, "\n") + "\n")}
}

const listener = "127.0.0.1:4711"

// TestReadConnect is the table of what the kernel's answers mean inside.
func TestReadConnect(t *testing.T) {
	for _, c := range []struct {
		connect string
		words   string // netjail's listener's first, where there is one
		want    Kind
	}{
		{"198.51.100.1:443", "ECONNREFUSED ENETUNREACH", Refused},
		{"198.51.100.1:443", "EAFNOSUPPORT EAFNOSUPPORT", Refused},
		{"198.51.100.1:443", "ENETUNREACH EPERM", Refused},
		{"198.51.100.1:443", "ECONNREFUSED done", Worked},
		{"198.51.100.1:443", "done done", Worked},
		// The host's own network: what the kernel says there is said of the host.
		{"198.51.100.1:443", "done ENETUNREACH", Unknown},
		{"198.51.100.1:443", "timeout ENETUNREACH", Unknown},
		// Something came back, or nothing: packets may have left.
		{"198.51.100.1:443", "ECONNREFUSED timeout", Unknown},
		{"198.51.100.1:443", "ECONNREFUSED ECONNREFUSED", Unknown},
		{"198.51.100.1:443", "ECONNREFUSED EHOSTUNREACH", Unknown},
		{"198.51.100.1:443", "ECONNREFUSED ETIMEDOUT", Unknown},
		{"198.51.100.1:443", "ECONNREFUSED EIO", Unknown},
		{"127.0.0.1:5432", "ECONNREFUSED ECONNREFUSED", Refused},
		{"127.0.0.1:5432", "ECONNREFUSED done", Worked},
		{"127.0.0.1:5432", "done ECONNREFUSED", Unknown},
		{"host", "ECONNREFUSED", Refused},
		{"host", "ENETUNREACH", Refused},
		{"host", "done", Worked},
		{"host", "timeout", Unknown},
		{"local", "done", Worked},
		{"local", "ENETUNREACH", Refused},
		{"local", "EAFNOSUPPORT", Refused},
		{"local", "timeout", Unknown},
	} {
		test := &policy.Test{Connect: c.connect}
		inside, _ := Targets(test, []string{listener})
		if got := Read(test, said(strings.Fields(c.words)...), inside); got.Kind != c.want || got.Text == "" {
			t.Errorf("%s %s: %+v, want %d", c.connect, c.words, got, c.want)
		}
	}
}

// TestEveryListenerCounts: one that is reached is enough, and all must be refused.
func TestEveryListenerCounts(t *testing.T) {
	test := &policy.Test{Connect: "host"}
	inside, _ := Targets(test, []string{listener, "[::1]:4712"})
	for words, want := range map[string]Kind{
		"ECONNREFUSED ENETUNREACH": Refused, "ECONNREFUSED done": Worked, "timeout done": Worked, "done timeout": Worked,
		"ECONNREFUSED timeout": Unknown, "timeout ECONNREFUSED": Unknown,
	} {
		if got := Read(test, said(strings.Fields(words)...), inside); got.Kind != want {
			t.Errorf("%s: %+v, want %d", words, got, want)
		}
	}
	if got := Read(test, said("ECONNREFUSED"), nil); got.Kind != Unknown {
		t.Errorf("without a listener: %+v", got)
	}
}

// TestControl: outside, netjail's own listeners are reached, and so is what is
// tried where it is this machine's. Nothing is sent elsewhere.
func TestControl(t *testing.T) {
	for _, c := range []struct {
		connect, words string
		want           Kind
	}{
		{"198.51.100.1:443", "done", Worked},
		{"198.51.100.1:443", "ECONNREFUSED", Unknown},
		{"198.51.100.1:443", "timeout", Unknown},
		{"127.0.0.1:5432", "done done", Worked},
		{"127.0.0.1:5432", "done ECONNREFUSED", Refused},
		{"127.0.0.1:5432", "ECONNREFUSED done", Unknown},
		{"host", "done", Worked},
		{"host", "ENETUNREACH", Unknown},
		{"local", "done", Worked},
		{"local", "ENETUNREACH", Refused},
	} {
		_, outside := Targets(&policy.Test{Connect: c.connect}, []string{listener})
		for _, target := range outside {
			if target.Endpoint == "198.51.100.1:443" {
				t.Error("the control sends to a foreign endpoint")
			}
		}
		if got := Control(said(strings.Fields(c.words)...), outside); got.Kind != c.want {
			t.Errorf("%s %s: %+v, want %d", c.connect, c.words, got, c.want)
		}
	}
	// IPv6 on a host without it: there is no listener, and nothing is shown.
	_, outside := Targets(&policy.Test{Connect: "[2001:db8::1]:1"}, nil)
	if got := Control(said("done"), outside); got.Kind != Absent {
		t.Errorf("%+v", got)
	}
}

// TestDeadProbe: a probe that did not come to its end says nothing, whatever it
// wrote.
func TestDeadProbe(t *testing.T) {
	inside, outside := Targets(&policy.Test{Connect: "198.51.100.1:443"}, []string{listener})
	for _, s := range []*Seen{
		said("ECONNREFUSED"), said("ECONNREFUSED", "ENETUNREACH", "ENETUNREACH"), said(),
		{End: EndStatus},
		{End: EndStatus, Status: 125 << 8, Stdout: []byte("ECONNREFUSED\nENETUNREACH\n")},
		{End: EndStatus, Status: 9, Stdout: []byte("ECONNREFUSED\nENETUNREACH\n")},
		{End: EndNoJail, Words: "no"},
		{End: EndLate},
		{End: EndAbsent},
		{End: EndDenied},
		{},
	} {
		if got := Read(&policy.Test{Connect: "198.51.100.1:443"}, s, inside); got.Kind != Unknown {
			t.Errorf("%+v: %+v", s, got)
		}
		if got := Read(&policy.Test{Open: "/x"}, s, nil); got.Kind == Worked || got.Kind == Refused {
			if len(s.Stdout) == 0 || s.Exited() != 0 || strings.Count(string(s.Stdout), "\n") != 1 {
				t.Errorf("open, %+v: %+v", s, got)
			}
		}
		if s.Exited() != 0 {
			if got := Control(s, outside); got.Kind != Unknown {
				t.Errorf("%+v: control %+v", s, got)
			}
		}
	}
}

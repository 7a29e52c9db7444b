package plan_test

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// TestFilterUnix is what each word of sockets.unix means for the filter: only
// deny refuses unix sockets there, since a filter sees no address.
func TestFilterUnix(t *testing.T) {
	for word, want := range map[policy.UnixSockets]bool{
		policy.UnixDeny: false, policy.UnixIsolated: true, policy.UnixAllow: true, policy.UnixHost: true,
	} {
		p := bundled(t, "base")
		p.Sockets.Unix = word
		if got := plan.FilterOptions(p).Unix; got != want {
			t.Errorf("with word %d the filter lets unix sockets through: %t, want %t", word, got, want)
		}
		p.Sockets.HostFamilies, p.NestedUserNamespaces, p.Process.Terminal = true, policy.NestingAllow, policy.TerminalHost
		if got, want := p.Filtered(), word != policy.UnixHost; got != want {
			t.Errorf("with word %d and all else open there is a filter: %t, want %t", word, got, want)
		}
	}
}

// TestFilterProbes wants a plan to try both ways what it lets through and what
// it does not.
func TestFilterProbes(t *testing.T) {
	for _, c := range []struct {
		unix      policy.UnixSockets
		has, lack string
	}{
		{policy.UnixDeny, "probe.socket.unix", "probe.control.unix.stream"},
		{policy.UnixIsolated, "probe.control.unix.stream", "probe.socket.unix"},
		{policy.UnixAllow, "probe.control.unix.seqpacket", "probe.socketpair.datagram"},
		{policy.UnixHost, "probe.control.unix.pair", "probe.socket.unix"},
	} {
		p := bundled(t, "base")
		p.Sockets.Unix = c.unix
		l := built(t, p, ordinaryUser(), plan.Options{})
		if l.Index(c.has) < 0 || l.Index(c.lack) >= 0 {
			t.Errorf("word %d: %s is at %d, %s at %d", c.unix, c.has, l.Index(c.has), c.lack, l.Index(c.lack))
		}
		filter := l.Index("filter")
		for i := range l.Ops {
			if strings.HasPrefix(l.Ops[i].Name, "probe.") && i < filter {
				t.Errorf("word %d: %s stands before the filter", c.unix, l.Ops[i].Name)
			}
		}
	}
	p := bundled(t, "minimal")
	if l := built(t, p, ordinaryUser(), plan.Options{}); l.Index("filter") >= 0 {
		t.Error("minimal leaves all three keys open, and has a filter")
	}
}

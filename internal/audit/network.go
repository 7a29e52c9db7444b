package audit

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
)

// loopbackName is the name of the loopback interface in every network
// namespace; the kernel makes it first and forbids its removal.
const loopbackName = "lo"

// netSides notes from where one part of the network was seen. The jailed
// process reads it by netlink, whole. What netjail reads below /proc/PID/net
// tells less, so it is a cross-check where it is there, and no more.
func netSides[T any](f Finding, inside, outside evidence.Fact[T]) Finding {
	f.Side, f.Source = SideInside, inside.Source
	if outside.Known {
		f.Side = SideBoth
		f.Source += ", " + outside.Source
	}
	return f
}

// passSides passes, and says why one side alone has spoken.
func passSides[T any](f Finding, outside evidence.Fact[T]) Finding {
	if outside.Known {
		return f.pass()
	}
	return f.as(Pass, "not told from outside: "+missing(outside))
}

// loopbackLink finds the loopback interface.
func loopbackLink(links []evidence.Link) (evidence.Link, bool) {
	i := slices.IndexFunc(links, func(l evidence.Link) bool { return l.Name == loopbackName })
	if i < 0 {
		return evidence.Link{}, false
	}
	return links[i], true
}

// linkNames is "lo, eth0", or "none".
func linkNames(links []evidence.Link) string {
	names := make([]string, 0, len(links))
	for _, l := range links {
		names = append(names, l.Name)
	}
	return list(names)
}

// linkName is the name of the interface with this index.
func linkName(links []evidence.Link, index int) string {
	for _, l := range links {
		if l.Index == index {
			return l.Name
		}
	}
	return "no interface"
}

// addressText is "127.0.0.1/8 ::1/128", or "no address".
func addressText(addresses []evidence.Address) string {
	if len(addresses) == 0 {
		return "no address"
	}
	texts := make([]string, 0, len(addresses))
	for _, a := range addresses {
		texts = append(texts, a.Prefix.String())
	}
	return strings.Join(texts, " ")
}

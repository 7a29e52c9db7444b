package cli

import (
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/probe"
)

// listen opens netjail's listeners on the host, of the family of what is tried:
// one on the loopback, and one on the address that the host sends from, where it
// has a way out. For `host` they are of both families.
func listen(connect string) ([]*probe.Listener, error) {
	to, _, foreign := policy.ParseEndpoint(connect)
	var all []*probe.Listener
	for _, f := range [...]struct{ loopback, away inet.Addr }{
		{inet.AddrFrom4([4]byte{127, 0, 0, 1}), inet.AddrFrom4([4]byte{192, 0, 2, 1})},
		{inet.IPv6Loopback(), inet.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: 1})},
	} {
		if foreign && to.Is4() != f.loopback.Is4() {
			continue
		}
		l, err := probe.Listen(f.loopback)
		if err == nil {
			all = append(all, l)
		} else if f.loopback.Is4() {
			return all, &fault{message: "listen on the host's 127.0.0.1: " + err.Error()}
		}
		if from, ok := probe.Source(f.away); ok && !from.IsLoopback() {
			if l, err := probe.Listen(from); err == nil {
				all = append(all, l)
			}
		}
	}
	return all, nil
}

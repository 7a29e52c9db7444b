package plan

import "github.com/netjail/netjail/internal/seccomp"

// The sweeps of a full audit: socket(2) and socketpair(2) of every family that the
// filter refuses, and socket(2) of every protocol of netlink(7) that it does. Each:
// results, in the order of seccomp.Sweep.
const (
	FactFamilies  Fact = "attempt.family"
	FactPairs     Fact = "attempt.family.pair"
	FactProtocols Fact = "attempt.family.netlink"
)

// sweepFamilies tries them all. Their type has a bit that no socket has: nothing
// is made, and no module loaded, whoever answers.
func (b *builder) sweepFamilies() {
	if !b.options.Full || !b.policy.Filtered() {
		return
	}
	s := seccomp.NewSweep(FilterOptions(b.policy))
	sweep := func(name, call string, fact Fact, numbers []uint8, args ...Arg) {
		if len(numbers) == 0 {
			return
		}
		values := make([]Arg, len(numbers))
		for i, n := range numbers {
			values[i] = num(int(n))
		}
		b.baitEach(name, call, "sockets.families", fact, values, args...)
	}
	wrong := Arg{Value: seccomp.WrongType}
	sweep("family", "socket", FactFamilies, s.Families, each, wrong, num(0))
	sweep("family.pair", "socketpair", FactPairs, s.Pairs, each, wrong, num(0), null)
	sweep("family.netlink", "socket", FactProtocols, s.Protocols, afNetlink, wrong, each)
}

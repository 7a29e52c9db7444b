package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
	"github.com/netjail/netjail/internal/tree"
)

func baitRows() map[string][]row {
	return map[string][]row{
		"net.loopback-services": serviceTable(),
		"ipc.sysv":              sysvTable(),
		"ipc.mqueue":            mqueueTable(),
		"ipc.posix-shm":         shmTryTable(),
		"escape.fifo":           fifoTryTable(),
		"keys.request":          requestTable(),
		"tty.inject":            injectTable(),
		"sockets.families":      sweepTable(),
		"seccomp.i386":          i386Table(),
		"ns.nested":             nestedTryTable(),
	}
}

type attemptFact = evidence.Fact[evidence.Attempt]

func no(errno, source string) attemptFact {
	return known(evidence.Attempt{Control: true, Errno: errno}, source)
}

// baited is what a full audit has put out, none of which was reached.
func baited(c *Case) {
	at := func(port uint16) inet.AddrPort { return inet.AddrPortFrom(inet.AddrFrom4([4]byte{127, 0, 0, 1}), port) }
	c.Evidence.Baits = &evidence.Baits{
		Services: evidence.Services{Addresses: 1, List: []evidence.Service{{Address: at(4712), Control: true}, {Address: at(4713), Datagram: true, Control: true}}},
		SysV:     []evidence.Bait{{Name: "shared memory", Control: true}, {Name: "semaphores", Control: true}, {Name: "messages", Control: true}},
		Queue:    &evidence.Bait{Name: "queue", Control: true},
		Memory:   &evidence.Bait{Name: "/dev/shm/lure", Control: true},
		Key:      &evidence.Bait{Name: "key", Control: true, Number: 77},
		FIFOs:    []evidence.Bait{{Name: "/tmp/fifo", Control: true}},
		Without:  map[string]evidence.Lack{},
	}
	none := no("EINVAL", "shmat(2)")
	tries := evidence.Tries{
		Streams: []attemptFact{no("ECONNREFUSED", "connect(2)")}, Datagrams: []attemptFact{known(evidence.Attempt{Control: true, Succeeded: true}, "sendto(2)")},
		SysV: []attemptFact{none, none, none}, Queue: no("ENOENT", "mq_open(3)"), Memory: no("ENOENT", "openat(2)"),
		FIFOs:     []attemptFact{no("ENXIO", "openat(2)")},
		KeyNumber: known(evidence.Serial(77), "the gate's answer"),
		KeyFound:  no("ENOKEY", "request_key(2)"), KeyRead: no("EACCES", "KEYCTL_READ"),
		TypedBefore: known([]string{"EFAULT", "ENOTTY"}, "ioctl(2)"), Typed: known([]string{"EPERM", "EPERM"}, "ioctl(2)"),
	}
	s := seccomp.NewSweep(plan.FilterOptions(c.Policy))
	tries.Families, tries.Pairs, tries.Protocols = refusedAll(s.Families), refusedAll(s.Pairs), refusedAll(s.Protocols)
	for i, f := range s.Pairs {
		tries.Pairs.Value[i] = seccomp.PairErrno(f).String()
	}
	killed := known(evidence.Death{Signal: "SIGSYS"}, "wait4(2)")
	tries.Compat, tries.X32, tries.Nested = killed, killed, known(evidence.Death{Status: 256 - 1}, "wait4(2)")
	c.Evidence.Baits.Compat = &evidence.Compat{I386: known(evidence.Death{Status: plan.DoomedMade}, "outside"), X32: known(evidence.Death{Status: plan.DoomedReturned}, "outside")}
	c.Evidence.Inside.Tries = tries
}

func refusedAll(numbers []uint8) evidence.Fact[[]string] {
	list := make([]string, len(numbers))
	for i := range list {
		list[i] = seccomp.EAFNOSUPPORT.String()
	}
	return known(list, "socket(2)")
}

// tries changes the attempts of a full audit, and baits what was put out.
func tries(f func(*evidence.Tries)) func(*Case) {
	return all(full, sharing, func(c *Case) { f(&c.Evidence.Inside.Tries) })
}

func baits(f func(*evidence.Baits)) func(*Case) {
	return all(full, sharing, func(c *Case) { f(c.Evidence.Baits) })
}

// triedTable is what every rule has that judges an attempt at a bait.
func triedTable(try func(*Case) *attemptFact, bait func(*evidence.Baits) *evidence.Bait) []row {
	change := func(f func(*attemptFact)) func(*Case) { return all(full, sharing, func(c *Case) { f(try(c)) }) }
	return []row{
		{"refused", all(full, sharing), Pass, "refused"},
		{"worked", change(func(a *attemptFact) { a.Value = evidence.Attempt{Control: true, Succeeded: true} }), Fail, "it worked"},
		{"arrived", baits(func(b *evidence.Baits) { bait(b).Arrived = 1 }), Fail, "reached"},
		{"a dead bait", baits(func(b *evidence.Baits) { bait(b).Control = false }), Unknown, "the probe is dead"},
		{"a dead control", change(func(a *attemptFact) { a.Value.Control = false }), Unknown, "the probe is dead"},
		{"no refusal", change(func(a *attemptFact) { a.Value.Errno = "EBADF" }), Unknown, "not a refusal"},
		{"unread", change(lost[evidence.Attempt]), Unknown, "EIO"},
		{"not attempted", same, Unknown, "not attempted in this run"},
		{"nothing put out", all(full, func(c *Case) { c.Evidence.Baits = nil }), Unknown, "put out nothing"},
	}
}

// notMade are the cases in which netjail could not make the bait.
func notMade(name string, take func(*evidence.Baits)) []row {
	without := func(l evidence.Lack) func(*Case) {
		return baits(func(b *evidence.Baits) { take(b); b.Without[name] = l })
	}
	return []row{
		{"none made", without(evidence.Lack{Why: "ENOSPC"}), Unknown, "ENOSPC"},
		{"none in this kernel", without(evidence.Lack{Why: "no such call", NoCall: true}), NotApplicable, "no such call"},
		{"none made, and no reason", baits(take), Unknown, "nobody says why"},
	}
}

func serviceTable() []row {
	stream := func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.Streams[0] }
	datagram := func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.Datagrams[0] }
	of := func(i int, f func(*evidence.Service)) func(*Case) {
		return baits(func(b *evidence.Baits) { f(&b.Services.List[i]) })
	}
	arrived := func(s *evidence.Service) { s.Arrived = 1 }
	tried := func(c *Case) { c.Expect.LoopbackTried = true }
	rows := []row{
		{"refused, lo up", all(full, tried), Pass, "ECONNREFUSED"},
		{"no control, lo up", all(full, tried, func(c *Case) { stream(c).Value.Control = false }), Unknown, "the probe is dead"},
		{"no control, lo down", all(full, func(c *Case) { stream(c).Value.Control = false }), Pass, "ECONNREFUSED"},
		{"refused", full, Pass, "listeners: 1, none reached; connect(2): 127.0.0.1: ECONNREFUSED"},
		{"worked", all(full, func(c *Case) { stream(c).Value.Succeeded = true }), Fail, "it worked"},
		{"a connection arrived, under way", all(of(0, arrived), refused(stream, "EINPROGRESS")), Fail, "reached"},
		{"somebody else's connection", of(0, arrived), Pass, "none reached"},
		{"a datagram arrived", of(1, arrived), Fail, "127.0.0.1:4713 udp: reached"},
		{"no network for datagrams", all(full, func(c *Case) { *datagram(c) = no("ENETUNREACH", "sendto(2)") }), Pass, ""},
		{"a dead TCP listener", of(0, func(s *evidence.Service) { s.Control = false }), Unknown, "the probe is dead"},
		{"a dead UDP listener", of(1, func(s *evidence.Service) { s.Control = false }), Unknown, "the probe is dead"},
		{"a dead control of datagrams", all(full, func(c *Case) { datagram(c).Value.Control = false }), Fail, "it worked"},
		{"joined, and a datagram was sent", all(full, joinedNS(ns.Network), func(c *Case) { datagram(c).Value.Control = false }), Pass, "none reached"},
		{"no refusal", all(full, refused(stream, "EBADF")), Unknown, "not a refusal"},
		{"unread", all(full, func(c *Case) { lost(datagram(c)) }), Unknown, "EIO"},
		{"one missing", tries(func(t *evidence.Tries) { t.Datagrams = nil }), Unknown, "2 listeners, and the jailed process tried 1"},
		{"mixed up", tries(func(t *evidence.Tries) { t.Streams, t.Datagrams = nil, append(t.Datagrams, t.Datagrams...) }), Unknown, "not those at netjail's"},
		{"too many addresses", baits(func(b *evidence.Baits) { b.Services.Left, b.Services.Unbound = 3, []string{"fe80::1: EADDRNOTAVAIL"} }), Pass, "3 more not tried; nobody can listen on fe80::1"},
		{"not attempted", same, Unknown, "not attempted in this run"},
		{"nothing put out", all(full, func(c *Case) { c.Evidence.Baits = nil }), Unknown, "put out nothing"},
		{"shared", all(full, hostNS(ns.Network)), Declared, "namespaces.network is host"},
	}
	return append(rows, notMade("services", func(b *evidence.Baits) { b.Services.List = nil })...)
}

func sysvTable() []row {
	rows := triedTable(func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.SysV[1] }, func(b *evidence.Baits) *evidence.Bait { return &b.SysV[1] })
	rows = append(rows, notMade("sysv", func(b *evidence.Baits) { b.SysV = nil })...)
	return append(rows,
		row{"one missing", tries(func(t *evidence.Tries) { t.SysV = t.SysV[1:] }), Unknown, "not every object"},
		row{"shared", all(full, hostNS(ns.IPC)), Declared, "namespaces.ipc is host"},
		row{"joined", all(full, func(c *Case) { c.Policy.Namespaces[ns.IPC] = policy.NamespaceJoin }), Unknown, "not attempted"})
}

func mqueueTable() []row {
	rows := triedTable(func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.Queue }, func(b *evidence.Baits) *evidence.Bait { return b.Queue })
	rows = append(rows, notMade("queue", func(b *evidence.Baits) { b.Queue = nil })...)
	return append(rows,
		row{"not for everybody", tries(func(t *evidence.Tries) { t.Queue.Value.Errno = "EACCES" }), Unknown, "not a refusal"},
		row{"shared", all(full, hostNS(ns.IPC)), Declared, "namespaces.ipc is host"})
}

func shmTryTable() []row {
	var rows []row
	for _, r := range triedTable(func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.Memory }, func(b *evidence.Baits) *evidence.Bait { return b.Memory }) {
		if r.name == "not attempted" {
			continue // then the mounts alone answer
		}
		if r.want == Pass {
			r.says = "netjail's file: ENOENT"
		}
		r.name = "tried, " + r.name
		rows = append(rows, r)
	}
	return append(rows, row{"tried, none made", baits(func(b *evidence.Baits) {
		b.Memory, b.Without["memory"] = nil, evidence.Lack{Why: "EACCES"}
	}), Pass, "the mounts alone: netjail could make no file there: EACCES"})
}

func fifoTryTable() []row {
	rows := triedTable(func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.FIFOs[0] }, func(b *evidence.Baits) *evidence.Bait { return &b.FIFOs[0] })
	inPlace := func(c *Case) {
		c.Expect.Tree = &tree.Layout{InPlace: true}
		c.Expect.reach = newReach(nil, c.Expect.Tree)
	}
	both := all(full, sharing, func(c *Case) {
		b, t := c.Evidence.Baits, &c.Evidence.Inside.Tries
		b.FIFOs = append(b.FIFOs, evidence.Bait{Name: "/home/u/p/fifo", Control: true, Arrived: 1})
		t.FIFOs = append(t.FIFOs, known(evidence.Attempt{Control: true, Succeeded: true}, "openat(2)"))
	})
	return append(rows,
		row{"a shared one", both, Pass, "/tmp: refused, ENXIO; in reach on purpose: /home/u/p"},
		row{"only shared ones", baits(func(b *evidence.Baits) { b.FIFOs[0].Name = "/home/u/p/other" }), Declared, "in reach on purpose: /home/u/p"},
		row{"the caller's tree", all(full, inPlace), Declared, "in reach on purpose: /tmp"},
		row{"one missing", tries(func(t *evidence.Tries) { t.FIFOs = t.FIFOs[1:] }), Unknown, "made 1 FIFOs, and the jailed process tried 0"},
		row{"nowhere to make one", all(baits(func(b *evidence.Baits) { b.FIFOs = nil }), func(c *Case) { c.Evidence.Inside.Tries.FIFOs = nil }), Unknown, "it may write nowhere"},
		row{"none made", baits(func(b *evidence.Baits) { b.FIFOs, b.Without["fifos"] = nil, evidence.Lack{Why: "EIO"} }), Unknown, "EIO"},
		row{"shared mounts", all(full, hostNS(ns.Mount)), Declared, "namespaces.mount is host"})
}

func requestTable() []row {
	rows := triedTable(func(c *Case) *attemptFact { return &c.Evidence.Inside.Tries.KeyRead }, func(b *evidence.Baits) *evidence.Bait { return b.Key })
	rows = append(rows, notMade("key", func(b *evidence.Baits) { b.Key = nil })...)
	return append(rows,
		row{"another number", tries(func(t *evidence.Tries) { t.KeyNumber.Value = 78 }), Unknown, "netjail's key is 77, and the jailed process tried 78"},
		row{"no number", tries(func(t *evidence.Tries) { lost(&t.KeyNumber) }), Unknown, "EIO"},
		row{"found by its description", tries(func(t *evidence.Tries) { t.KeyFound.Value.Succeeded = true }), Fail, "by its description: it worked"},
		row{"and the filter lets it through", all(full, answer("request_key", "EFAULT")), Fail, "EFAULT instead of ENOSYS"},
		row{"and the filter was not tried", all(full, unreadProbes), Unknown, "EIO"},
		row{"no filter", all(full, unfiltered), Declared, "no filter"},
		row{"the caller's", all(full, func(c *Case) { c.Policy.Process.Keyring = policy.KeyringHost }), Declared, "process.keyring is host"})
}

func injectTable() []row {
	typed := func(f func(*evidence.Tries)) func(*Case) {
		return all(tries(f), func(c *Case) { c.Expect.Typed = []int{2} })
	}
	return []row{
		{"refused", typed(func(*evidence.Tries) {}), Pass, "2 TIOCSTI: EPERM, before the filter EFAULT"},
		{"refused by a setting", typed(func(t *evidence.Tries) { t.TypedBefore.Value[0], t.Typed.Value[0] = "EIO", "EIO" }), Pass, "EIO"},
		{"allowed", typed(func(t *evidence.Tries) { t.Typed.Value[0] = "EFAULT" }), Fail, "2 TIOCSTI: EFAULT"},
		{"allowed on a console", typed(func(t *evidence.Tries) { t.Typed.Value[1] = "EFAULT" }), Fail, "2 TIOCLINUX: EFAULT"},
		{"done", typed(func(t *evidence.Tries) { t.Typed.Value[0] = "" }), Fail, "success"},
		{"allowed, and no filter", all(typed(func(t *evidence.Tries) { t.Typed.Value[0] = "EFAULT" }), unfiltered), Declared, "no filter"},
		{"no descriptor", typed(func(t *evidence.Tries) { t.TypedBefore.Value[0] = "EBADF" }), Unknown, "the probe is dead"},
		{"no refusal", typed(func(t *evidence.Tries) { t.Typed.Value[1] = "EBADF" }), Unknown, "not a refusal"},
		{"one missing", typed(func(t *evidence.Tries) { t.Typed.Value = t.Typed.Value[1:] }), Unknown, "not every terminal"},
		{"unread", typed(func(t *evidence.Tries) { lost(&t.Typed) }), Unknown, "EIO"},
		{"no terminal", full, NotApplicable, "none of 0 to 2"},
		{"not attempted", same, Unknown, "not attempted in this run"},
	}
}

func sweepTable() []row {
	return []row{
		{"swept", full, Pass, "families and protocols refused, one by one"},
		{"swept, isolated", all(isolated, full), Pass, "one by one"},
		{"a family", tries(func(t *evidence.Tries) { t.Families.Value[3] = "EINVAL" }), Fail, "socket of family 4: EINVAL"},
		{"a pair", tries(func(t *evidence.Tries) { t.Pairs.Value[0] = "EAFNOSUPPORT" }), Fail, "pair of family 1: EAFNOSUPPORT instead of ESOCKTNOSUPPORT"},
		{"a protocol", tries(func(t *evidence.Tries) { t.Protocols.Value[14] = "" }), Fail, "netlink protocol 15: success"},
		{"one missing", tries(func(t *evidence.Tries) { t.Families.Value = t.Families.Value[1:] }), Unknown, "not every socket of family"},
		{"unread", tries(func(t *evidence.Tries) { lost(&t.Protocols) }), Unknown, "EIO"},
	}
}

func i386Table() []row {
	died := func(d evidence.Death) evidence.Fact[evidence.Death] { return known(d, "wait4(2)") }
	none, made, returned := died(evidence.Death{Signal: "SIGSEGV"}), died(evidence.Death{Status: plan.DoomedMade}), died(evidence.Death{Status: plan.DoomedReturned})
	own := func(f func(*evidence.Compat)) func(*Case) {
		return all(full, func(c *Case) { f(c.Evidence.Baits.Compat) })
	}
	bare := all(tries(func(t *evidence.Tries) { t.Compat, t.X32 = made, returned }), unfiltered)
	return []row{
		{"killed", full, Pass, "int 0x80: ended by SIGSYS, outside made; x32: ended by SIGSYS, outside refused"},
		{"killed outside as well", own(func(c *evidence.Compat) { c.I386 = died(evidence.Death{Signal: "SIGSYS"}) }), Pass, "outside ended by SIGSYS"},
		{"made", tries(func(t *evidence.Tries) { t.Compat = made }), Fail, "int 0x80: made"},
		{"made, x32", tries(func(t *evidence.Tries) { t.X32 = made }), Fail, "x32: made"},
		{"refused, as outside", tries(func(t *evidence.Tries) { t.X32 = returned }), Fail, "x32: refused, outside refused"},
		{"refused", tries(func(t *evidence.Tries) { t.Compat = returned }), Fail, "int 0x80: refused, outside made"},
		{"ended otherwise, and made outside", tries(func(t *evidence.Tries) { t.Compat = none }), Unknown, "ended by SIGSEGV, outside made"},
		{"none in this kernel", all(tries(func(t *evidence.Tries) { t.Compat = none }), func(c *Case) { c.Evidence.Baits.Compat.I386 = none }), Pass, "int 0x80: not in this kernel"},
		{"ended by somebody", tries(func(t *evidence.Tries) { t.X32 = died(evidence.Death{Signal: "SIGKILL"}) }), Unknown, "no answer"},
		{"past its end", tries(func(t *evidence.Tries) { t.X32 = died(evidence.Death{Status: plan.AsideLost}) }), Unknown, "exit status 254"},
		{"unread", tries(func(t *evidence.Tries) { lost(&t.Compat) }), Unknown, "EIO"},
		{"one unread, the other made", tries(func(t *evidence.Tries) { lost(&t.Compat); t.X32 = made }), Fail, "x32: made"},
		{"no control", own(func(c *evidence.Compat) { lost(&c.X32) }), Unknown, "EIO"},
		{"no control at all", all(full, func(c *Case) { c.Evidence.Baits.Compat = nil }), Unknown, "tried nothing"},
		{"nothing put out", all(full, func(c *Case) { c.Evidence.Baits = nil }), Unknown, "tried nothing"},
		{"on arm64", all(full, func(c *Case) { c.Expect.Arch = seccomp.ARM64 }), Unknown, "32-bit program"},
		{"no filter", bare, Declared, "int 0x80: made, outside made; x32: refused, outside refused"},
		{"no filter, not attempted", unfiltered, Declared, "no filter"},
		{"not attempted", same, Unknown, "not attempted in this run"},
	}
}

func nestedTryTable() []row {
	died := func(d evidence.Death) func(*Case) {
		return tries(func(t *evidence.Tries) { t.Nested.Value = d })
	}
	return []row{
		{"tried", full, Pass, "in earnest: EPERM"},
		{"tried, made", died(evidence.Death{}), Fail, "a process made one"},
		{"tried, another errno", died(evidence.Death{Status: 256 - 28}), Fail, "errno 28"},
		{"tried, killed", died(evidence.Death{Signal: "SIGKILL"}), Unknown, "no answer"},
		{"tried, past its end", died(evidence.Death{Status: plan.AsideLost}), Unknown, "no answer"},
		{"tried, unread", tries(func(t *evidence.Tries) { lost(&t.Nested) }), Unknown, "EIO"},
		{"tried, and the probes say otherwise", all(full, answer("unshare.user", "EINVAL")), Fail, "EINVAL instead of EPERM"},
	}
}

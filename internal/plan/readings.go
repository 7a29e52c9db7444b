package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

var atFDCWD = named("AT_FDCWD", ^uint64(99))

// reading appends a call that only looks. Whatever it returns is evidence.
func (b *builder) reading(name, call string, fact Fact, out int, args ...Arg) {
	b.child(Op{
		Name: "read." + name, Call: call, Args: args, Out: out, Expect: anything(), Fact: fact,
		Key: "audit", Why: "evidence from inside",
	})
}

// readings is what the child says of itself, with exactly the privileges that
// the command will have.
func (b *builder) readings() {
	b.readCapabilities()
	b.readIdentity()
	b.readPlace()
	for _, k := range ns.All() {
		link, fact := k.Link(), FactNamespace(k)
		switch {
		case k == ns.Time && b.policy.New(k):
			link, fact = "time_for_children", FactNextTime
		case k == ns.PID && b.joins(k):
			link, fact = "pid_for_children", FactNextPID
		}
		dir, path := b.inProc("self/ns/" + link)
		b.reading("ns."+k.Link(), "readlinkat", fact, 64, dir, path, out(), num(64))
	}
	b.readNetwork()
}

func (b *builder) readCapabilities() {
	b.reading("caps", "capget", FactCapget, 24, raw(capHeader(), "v3"), out())
	all := capabilityArgs(caps.Full(b.host.LastCap))
	b.reading("bounding", "prctl", FactBounding, 0, prCapbsetRead, each)
	b.last().Each = all
	b.reading("ambient", "prctl", FactAmbient, 0, prCapAmbient, ambientIsSet, each)
	b.last().Each = all
	b.reading("securebits", "prctl", FactSecurebits, 0, prGetSecurebits)
	b.reading("no-new-privs", "prctl", FactNoNewPrivs, 0, prGetNoNewPrivs)
	b.reading("seccomp", "prctl", FactSeccomp, 0, prGetSeccomp)
}

func (b *builder) readIdentity() {
	b.reading("uids", "getresuid", FactUIDs, 12, outAt(0), outAt(4), outAt(8))
	b.reading("gids", "getresgid", FactGIDs, 12, outAt(0), outAt(4), outAt(8))
	groups := len(b.host.Groups) + 16 // more than netjail's own are reported as unknown (EINVAL)
	b.reading("groups", "getgroups", FactGroups, groups*4, num(groups), out())
	b.readFile("uid_map", FactUIDMap, 4096)
	b.readFile("gid_map", FactGIDMap, 4096)
	b.readFile("setgroups", FactSetgroups, 16)
	if b.joins(ns.Time) {
		b.readFile("timens_offsets", FactTimeOffset, 256)
	}
	if b.policy.New(ns.PID) {
		b.reading("proc-self", "readlinkat", FactProcSelf, 16, atFDCWD, str("/proc/self"), out(), num(16))
	}
	b.reading("uname", "uname", FactUname, 6*65, out())
	b.reading("pgrp", "getpgid", FactPgrp, 0, num(0))
	b.reading("sid", "getsid", FactSid, 0, num(0))
}

// readFile reads a file of /proc/self in one read(2), which these files answer
// whole.
func (b *builder) readFile(file string, fact Fact, size int) {
	open := "open." + file
	dir, path := b.inProc("self/" + file)
	b.child(Op{
		Name: open, Call: "openat", Key: "audit", Why: "evidence from inside", Expect: anything(),
		Args: []Arg{dir, path, flags(named("O_RDONLY", 0), named("O_CLOEXEC", 0o2000000))},
	})
	b.reading(file, "read", fact, size, result(open), out(), num(size))
	b.closeResult("close."+file, open)
}

func (b *builder) closeResult(name, op string) {
	b.child(Op{
		Name: name, Call: "close", Key: "audit", Args: []Arg{result(op)}, Expect: anything(),
		Why: "execve would close it; until then it is in the way of the descriptors' audit",
	})
}

// Sizes of the buffers for the network's dumps. A jail's network namespace holds
// lo and a handful of addresses and routes.
// dumpReceipts are the sizes of the datagrams, in bytes, that a dump may come in.
// Three hold what there is to tell: at most one family of addresses each, on a kernel
// that puts every family into a datagram of its own (Debian's 6.1 does, 6.18 does
// not), or some three interfaces, of which a new namespace has more than lo where the
// host has loaded drivers of tunnels. The last is the end of the dump, which also
// comes alone. A receipt for which nothing is left costs one call.
var dumpReceipts = [...]int{4096, 4096, 4096, 256}

// readNetwork asks the kernel for interfaces, addresses and routes. A shared
// network namespace is the host's affair and may be large: it is not read.
func (b *builder) readNetwork() {
	if !b.policy.New(ns.Network) && !b.joins(ns.Network) {
		return
	}
	b.dump("links", FactLinks, rtmGetLink, "RTM_GETLINK")
	b.dump("addresses", FactAddresses, rtmGetAddr, "RTM_GETADDR")
	b.dump("routes", FactRoutes, rtmGetRoute, "RTM_GETROUTE")
	b.closeResult("net.close", socketOp)
}

// dump sends a request and receives the answer. Every receive op carries the fact.
func (b *builder) dump(name string, fact Fact, kind uint16, text string) {
	m := dumpMessage(kind)
	b.child(Op{
		Name: "ask." + name, Call: "sendto", Key: "audit", Why: "evidence from inside", Expect: anything(),
		Args: []Arg{result(socketOp), raw(m, text+" dump"), num(len(m)), num(0), null, num(0)},
	})
	for i, size := range dumpReceipts {
		b.reading(name+"."+strconv.Itoa(i+1), "recvfrom", fact, size,
			result(socketOp), out(), num(size), msgDontwait, null, null)
	}
}

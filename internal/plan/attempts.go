package plan

import (
	"encoding/binary"
	"strconv"

	"github.com/netjail/netjail/internal/ns"
)

var cloneNewnet = named(ns.Network.FlagName(), uint64(ns.Network.CloneFlag()))

// reentry tries to enter netjail's network namespace, with every capability of
// the new user namespace: more than the command will have. What fails here
// cannot succeed later. The control enters the jail's own by the same call.
//
// Should an attempt succeed, the last op goes back, so that a profile in mode
// report still runs the command where it declared.
func (b *builder) reentry() {
	if !b.policy.New(ns.Network) && !b.rulesJoinedNetwork() {
		return
	}
	open := func(name, path string, fact Fact) {
		dir, at := b.inProc(path)
		b.attempt(name, "openat", fact, dir, at, flags(named("O_RDONLY", 0), named("O_CLOEXEC", 0o2000000)))
	}
	open("setns.own.open", "self/ns/net", "")
	b.attempt("setns.own", "setns", FactSetnsControl, result("attempt.setns.own.open"), cloneNewnet)
	b.attempt("setns.fd", "setns", FactSetnsFD, b.fd(FDHostNet), cloneNewnet)
	open("setns.proc.open", strconv.Itoa(b.host.PID)+"/ns/net", FactSetnsProcOpen)
	b.attempt("setns.proc", "setns", FactSetnsProc, result("attempt.setns.proc.open"), cloneNewnet)
	b.attempt("setns.back", "setns", "", result("attempt.setns.own.open"), cloneNewnet)
	b.attempt("setns.proc.close", "close", "", result("attempt.setns.proc.open"))
	b.attempt("setns.own.close", "close", "", result("attempt.setns.own.open"))
	b.attempt("setns.fd.close", "close", "", b.fd(FDHostNet))
}

// NeedsHostNet says whether the child needs FDHostNet.
func (p *Plan) NeedsHostNet() bool { return p.Index("attempt.setns.fd") >= 0 }

// rulesJoinedNetwork says whether the network namespace is joined, and with it
// the user namespace that owns it: only then does the control work, since a
// process must have power over its own namespace to enter that once more.
func (b *builder) rulesJoinedNetwork() bool {
	return b.joins(ns.Network) && b.joins(ns.User) && b.host.Joined[ns.Network].Owner == b.host.Joined[ns.User].Node.Inode
}

// attempt appends one call of an attempt.
func (b *builder) attempt(name, call string, fact Fact, args ...Arg) {
	b.child(Op{
		Name: "attempt." + name, Call: call, Args: args, Expect: anything(), Fact: fact,
		Key: "namespaces.network", Why: "a way back that must be shut",
	})
}

// connect tries to reach netjail's listener on the host's loopback. A refusal
// and "no such network" come at once; a second is the bound for anything else.
// What arrives counts at netjail's end.
func (b *builder) connect() {
	if !b.options.Full || b.options.Listener == 0 {
		return
	}
	b.attempt("connect.socket", "socket", FactConnectSocket, afInet, flags(sockStream, sockCloexec), num(0))
	second := append(wordBytes(1), wordBytes(0)...) // struct timeval
	b.attempt("connect.patience", "setsockopt", "", result("attempt.connect.socket"),
		named("SOL_SOCKET", 1), named("SO_SNDTIMEO", 21), raw(second, "1 s"), num(len(second)))
	address := make([]byte, 16) // struct sockaddr_in
	address[0] = 2              // AF_INET
	binary.BigEndian.PutUint16(address[2:], b.options.Listener)
	copy(address[4:], []byte{127, 0, 0, 1})
	b.attempt("connect", "connect", FactConnect, result("attempt.connect.socket"),
		raw(address, "127.0.0.1:"+strconv.Itoa(int(b.options.Listener))), num(len(address)))
	b.attempt("connect.close", "close", "", result("attempt.connect.socket"))
}

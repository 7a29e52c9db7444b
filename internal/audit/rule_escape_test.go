package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func escapeRows() map[string][]row {
	return map[string][]row{
		"escape.setns-fd": append(attemptTable(func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.SetnsFD }),
			row{"no such file", refused(func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.SetnsFD }, "ENOENT"), Unknown, "not a refusal"}),
		"escape.setns-proc": append(attemptTable(func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.SetnsProc }),
			row{"not in the jail's /proc", refused(func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.SetnsProc }, "ENOENT"), Pass, "ENOENT"}),
		"escape.connect": connectTable(),
	}
}

func refused(of func(*Case) *evidence.Fact[evidence.Attempt], errno string) func(*Case) {
	return func(c *Case) { of(c).Value.Errno = errno }
}

func attemptTable(of func(*Case) *evidence.Fact[evidence.Attempt]) []row {
	return []row{
		{"refused", refused(of, "EPERM"), Pass, "refused, EPERM"},
		{"worked", func(c *Case) { of(c).Value = evidence.Attempt{Control: true, Succeeded: true} }, Fail, "it worked"},
		{"worked without control", func(c *Case) { of(c).Value = evidence.Attempt{Succeeded: true} }, Fail, "it worked"},
		{"dead probe", func(c *Case) { of(c).Value.Control = false }, Unknown, "the probe is dead"},
		{"no descriptor", refused(of, "EBADF"), Unknown, "not a refusal"},
		{"no errno", refused(of, ""), Unknown, "not a refusal"},
		{"unread", func(c *Case) { lost(of(c)) }, Unknown, "EIO"},
		{"shared", hostNS(ns.Network), Declared, "namespaces.network is host"},
	}
}

// full makes the case one of a full audit, in which all connections were refused.
func full(c *Case) {
	c.Evidence.Full = true
	c.Evidence.Listener = &evidence.Listener{Address: inet.AddrPortFrom(inet.AddrFrom4([4]byte{127, 0, 0, 1}), 4711), Control: true}
	c.Evidence.Inside.Connect = known(evidence.Attempt{Control: true, Errno: "ECONNREFUSED"}, "connect(2)")
	c.Evidence.Crash = quiet()
	lures(c)
	aimed(c)
	baited(c)
	countedAll(c)
}

func connectTable() []row {
	connect := func(c *Case) *evidence.Fact[evidence.Attempt] { return &c.Evidence.Inside.Connect }
	noSocket := func(families ...policy.Family) func(*Case) {
		return all(full, func(c *Case) {
			c.Policy.Sockets.Families = families
			connect(c).Value = evidence.Attempt{Errno: "EAFNOSUPPORT"}
		})
	}
	return []row{
		{"refused", full, Pass, "ECONNREFUSED"},
		{"no socket", noSocket(), Pass, "no socket to connect with"},
		{"no socket, and one declared", noSocket(2), Unknown, "the probe is dead"},
		{"unreachable", all(full, refused(connect, "ENETUNREACH")), Pass, "ENETUNREACH"},
		{"arrived", all(full, func(c *Case) { c.Evidence.Listener.Strangers = 1 }), Fail, "connections at 127.0.0.1:4711: 1"},
		{"worked", all(full, func(c *Case) { connect(c).Value.Succeeded = true }), Fail, "it worked"},
		{"not attempted", same, Unknown, "not attempted in this run"},
		{"no listener", all(full, func(c *Case) { c.Evidence.Listener = nil }), Unknown, "no listener"},
		{"dead listener", all(full, func(c *Case) { c.Evidence.Listener.Control = false }), Unknown, "the probe is dead"},
		{"dead probe", all(full, func(c *Case) { connect(c).Value.Control = false }), Unknown, "the probe is dead"},
		{"under way, and never arrived", all(full, refused(connect, "EINPROGRESS")), Pass, "EINPROGRESS"},
		{"under way, and arrived", all(full, refused(connect, "EINPROGRESS"), func(c *Case) { c.Evidence.Listener.Strangers = 1 }), Fail, ""},
		{"no address", all(full, refused(connect, "EINVAL")), Unknown, "not a refusal"},
		{"unread", all(full, func(c *Case) { lost(connect(c)) }), Unknown, "EIO"},
		{"shared", hostNS(ns.Network), Declared, ""},
	}
}

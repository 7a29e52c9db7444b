package audit

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

func capRows() map[string][]row {
	tables := map[string][]row{"caps.parent": parentTable(), "caps.securebits": securebitsTable()}
	for _, k := range caps.Kinds() {
		tables["caps."+k.String()] = capTable(k)
	}
	return tables
}

// holds sets the capability sets as both sides read them before exec.
func holds(s caps.Sets) func(*Case) {
	return func(c *Case) { c.Evidence.Inside.Caps.Value, c.Evidence.Outside.Caps.Value = s, s }
}

func declares(s caps.Sets) func(*Case) {
	return func(c *Case) { c.Policy.Capabilities.Sets = s }
}

func hostCaps(c *Case) { c.Policy.Capabilities.Host = true }

func capTable(k caps.Kind) []row {
	bind := caps.Uniform(caps.Of(caps.NetBindService))
	all64 := caps.Sets{}.With(k, ^caps.Set(0))
	afterExec := func(s caps.Sets) func(*Case) {
		return all(held, func(c *Case) { c.Evidence.AfterExec.Caps.Value = s })
	}
	full := caps.Sets{Permitted: caps.All, Effective: caps.All, Bounding: caps.All}
	return append(capsThatRemain(k), []row{
		{"none, by rule", same, Pass, "none"},
		{"none, read", held, Pass, "none"},
		{"cleared by exec", holds(caps.Sets{Permitted: caps.All, Effective: caps.All}), Pass, "none"},
		{"declared, by rule", all(declares(bind), holds(bind)), Pass, "CAP_NET_BIND_SERVICE"},
		{"declared, read", all(declares(bind), afterExec(bind)), Pass, "CAP_NET_BIND_SERVICE"},
		{"declared and not there", declares(bind), Fail, "declared and not there"},
		{"too many, read", afterExec(bind), Fail, "not declared: CAP_NET_BIND_SERVICE"},
		{"host", all(hostCaps, holds(full), func(c *Case) { lost(&c.Evidence.Inside.Securebits) }), Declared, "not told"},
		{"host, read", all(hostCaps, afterExec(bind)), Declared, "capabilities is host"},
		{"disagree", func(c *Case) { c.Evidence.Outside.Caps.Value = caps.Sets{}.With(k, caps.Of(caps.SysAdmin)) }, Fail, disagree},
		{"a file could gain more", all(declares(caps.Sets{Bounding: caps.All}), holds(full)), Unknown, "only a reading after exec"},
		{"could not be held", all(declares(caps.Sets{Bounding: caps.All}), holds(full), func(c *Case) { c.Evidence.HoldWhy = "EPERM" }), Unknown, "there is none: EPERM"},
		{"capabilities that the kernel lacks", holds(all64), Unknown, "no reading"},
		{"capabilities that the kernel lacks, read", afterExec(all64), Unknown, "no reading"},
		{"last capability not told", all(func(c *Case) { c.Expect.LastCap = 0 }, afterExec(all64)), Fail, "not declared"},
		{"inside unread", func(c *Case) { lost(&c.Evidence.Inside.Caps) }, Unknown, "EIO"},
		{"outside unread", func(c *Case) { lost(&c.Evidence.Outside.Caps) }, Unknown, "EIO"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.Caps) }), Unknown, "EIO"},
		{"securebits unread", func(c *Case) { lost(&c.Evidence.Inside.Securebits) }, Unknown, "the rule cannot be applied"},
		{"no_new_privs unread", func(c *Case) { lost(&c.Evidence.Inside.NoNewPrivs) }, Unknown, "the rule cannot be applied"},
		{"ids unread", func(c *Case) { lost(&c.Evidence.Inside.UIDs) }, Unknown, "the rule cannot be applied"},
	}...)
}

// capsThatRemain are cases in which a set left over before exec shows after it.
func capsThatRemain(k caps.Kind) []row {
	admin := caps.Of(caps.NetAdmin)
	switch k {
	case caps.Bounding, caps.Inheritable:
		return []row{{"left over", holds(caps.Sets{}.With(k, admin)), Fail, "not declared: CAP_NET_ADMIN"}}
	case caps.Ambient:
		return []row{{"left over", holds(caps.Uniform(admin)), Fail, "not declared: CAP_NET_ADMIN"}}
	}
	return []row{
		{"uid 0 without securebits", all(asRoot, func(c *Case) { c.Evidence.Inside.Securebits.Value = 0 },
			holds(caps.Sets{Permitted: admin, Effective: admin, Bounding: admin})), Fail, "not declared: CAP_NET_ADMIN"},
	}
}

func securebitsTable() []row {
	bits := func(n uint32) func(*Case) {
		return func(c *Case) { c.Evidence.Inside.Securebits.Value = n }
	}
	return []row{
		{"locked", same, Pass, "0xcf"},
		{"none", bits(0), Fail, "0x0"},
		{"not locked", bits(0x45), Fail, "no_cap_ambient_raise"},
		{"keep caps as well", bits(0xdf), Fail, "keep_caps"},
		{"host", all(hostCaps, bits(0)), Declared, "0x0"},
		{"host, unread", all(hostCaps, func(c *Case) { lost(&c.Evidence.Inside.Securebits) }), Declared, "not told"},
		{"unread", func(c *Case) { lost(&c.Evidence.Inside.Securebits) }, Unknown, "EIO"},
	}
}

func parentTable() []row {
	user := func(id evidence.NamespaceID) func(*Case) {
		return func(c *Case) { c.Evidence.Outside.Namespaces[ns.User].Value = id }
	}
	parent := func(id evidence.NamespaceID) func(*Case) {
		return func(c *Case) { c.Evidence.Outside.Owners[ns.User].Value = id }
	}
	return []row{
		{"a child", same, Pass, "a child of user:[4026531830]"},
		{"a child, held", held, Pass, ""},
		{"netjail's own", user(ownNS), Fail, "netjail's user namespace"},
		{"another's child", parent(5), Fail, "its parent is not"},
		{"another's child after exec", all(held, func(c *Case) { c.Evidence.AfterExec.Owners[ns.User].Value = 5 }), Fail, "its parent is not"},
		{"shared, ordinary", hostNS(ns.User), Declared, "one of the host's"},
		{"shared, root", all(hostNS(ns.User), func(c *Case) { c.Evidence.Outside.UIDs.Value = ids(0) }), Fail, "the host's root"},
		{"shared, ids unread", all(hostNS(ns.User), func(c *Case) { lost(&c.Evidence.Outside.UIDs) }), Unknown, "EIO"},
		{"parent unread", func(c *Case) { lost(&c.Evidence.Outside.Owners[ns.User]) }, Unknown, "EIO"},
		{"own unread", func(c *Case) { lost(&c.Evidence.Before.Namespaces[ns.User]) }, Unknown, "netjail's own"},
	}
}

package evidence

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// FromReadings decodes what the child read about itself. full says whether the
// dear attempts were part of the plan.
//
// Preconditions: bounding and ambient readings go from capability 0 up to the
// kernel's last one or beyond; both receive ops of a netlink dump are there, in
// order. A reading that is missing, that the child never reached, that was
// refused, or whose buffer the kernel left as it was, makes its fact unknown.
func FromReadings(rs []plan.Reading, full bool) Inside {
	t := &table{rs}
	in := Inside{
		Caps:       t.caps(),
		Securebits: fromReading(t, plan.FactSecurebits, "PR_GET_SECUREBITS", resultUint32),
		NoNewPrivs: fromReading(t, plan.FactNoNewPrivs, "PR_GET_NO_NEW_PRIVS", resultFlag),
		Seccomp:    fromReading(t, plan.FactSeccomp, "PR_GET_SECCOMP", resultSeccomp),
		DeathSig:   fromReading(t, plan.FactDeathSig, "PR_GET_PDEATHSIG", bufferSignal),
		UIDs:       fromReading(t, plan.FactUIDs, "getresuid(2)", bufferIDs),
		GIDs:       fromReading(t, plan.FactGIDs, "getresgid(2)", bufferIDs),
		Groups:     fromReading(t, plan.FactGroups, "getgroups(2)", bufferGroups),
		UIDMap:     fromReading(t, plan.FactUIDMap, "/proc/self/uid_map", bufferIDMap),
		GIDMap:     fromReading(t, plan.FactGIDMap, "/proc/self/gid_map", bufferIDMap),
		Setgroups:  fromReading(t, plan.FactSetgroups, "/proc/self/setgroups", bufferSetgroups),
		Hostname:   fromReading(t, plan.FactUname, "uname(2)", bufferNodename),
		ProcSelf:   fromReading(t, plan.FactProcSelf, "/proc/self", bufferNumber),
		Pgrp:       fromReading(t, plan.FactPgrp, "getpgid(2)", resultInt),
		Sid:        fromReading(t, plan.FactSid, "getsid(2)", resultInt),
		NewKeyring: fromReading(t, plan.FactJoined, "KEYCTL_JOIN_SESSION_KEYRING", resultSerial),
		Keyring:    fromReading(t, plan.FactKeyring, "KEYCTL_GET_KEYRING_ID", resultSerial),
		Cwd:        fromReading(t, plan.FactCwd, "getcwd(2)", bufferPath),
		Network: Network{
			Links:     t.links(),
			Addresses: fromDump(t, plan.FactAddresses, "RTM_GETADDR", decodeAddress),
			Routes:    fromDump(t, plan.FactRoutes, "RTM_GETROUTE", decodeRoute),
		},
		Probes:    t.probes(),
		SetnsFD:   t.setnsFD(),
		SetnsProc: t.setnsProc(),
		Signal:    t.signal(),
		Connect:   Unknown[Attempt](callConnect, "not attempted: it belongs to the full audit"),
	}
	for _, k := range ns.All() {
		in.Namespaces[k] = fromReading(t, plan.FactNamespace(k), "/proc/self/ns/"+k.Link(), bufferNSLink(k))
	}
	in.Namespaces[ns.PID], in.Namespaces[ns.Time] = t.pidNamespace(), t.timeNamespace()
	in.Clocks = fromReading(t, plan.FactTimeOffset, "/proc/self/"+clocksFile, bufferClocks)
	t.limits(&in)
	if full {
		in.Connect = t.connect()
		in.Unix = t.unix()
		in.Tries = t.tries()
		in.OnHost = t.onHost()
	}
	return in
}

// fromReading decodes a fact that one reading tells.
func fromReading[T any](t *table, f plan.Fact, call string, decode func(*plan.Reading) (T, error)) Fact[T] {
	r, err := t.granted(f)
	if err != nil {
		return Unknown[T](call, err.Error())
	}
	source := cite(call, r)
	v, err := decode(r)
	if err != nil {
		return Unknown[T](source, err.Error())
	}
	return Known(v, source)
}

package audit

import (
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
)

const (
	ownNS  = 4026531830 // netjail's namespaces: this number plus the kind
	jailNS = 4026532100 // the jail's
	caller = 1000       // an ordinary user
)

// healthy is a start in which everything is as declared: every namespace new,
// run by an ordinary user, not held after exec, the cheap attempts made.
func healthy() *Case {
	e := &evidence.Evidence{Inside: healthyInside(), Outside: healthyOutside(), Before: healthySelf(), After: healthySelf()}
	reaper := healthyOutside()
	reaper.PID, reaper.NSPids = 71, known([]int{71, 1}, "status")
	reaper.FDs = known([]evidence.FD{{Number: 3, Target: "socket:[9]", Kind: evidence.FDSocket}}, "fd")
	reaper.Dumpable = known(false, "status")
	e.Reaper = &reaper
	own := []evidence.IDMapLine{{Inside: caller, Outside: caller, Size: 1}}
	c := &Case{
		Policy: &policy.Policy{
			Loopback: policy.Loopback{State: policy.LinkUp},
			Process:  policy.Process{InheritFDs: []int{0, 1, 2}, StdioSockets: policy.StdioRelay},
		},
		Expect: &Expect{
			UIDMap: own, GIDMap: own, UID: caller, GID: caller, Hostname: "box",
			InheritFDs: []int{0, 1, 2}, GateFDs: []int{7}, LastCap: int(caps.Last), Scoped: true, IgnoredKnown: true,
		},
		Evidence: e,
	}
	c.Expect.Named = c.Policy
	healthyTree(c)
	return c
}

func known[T any](v T, source string) evidence.Fact[T] { return evidence.Known(v, source) }

func lost[T any](f *evidence.Fact[T]) { *f = evidence.Unknown[T]("the call", "EIO") }

func ids(n uint32) evidence.IDs { return evidence.IDs{Real: n, Effective: n, Saved: n} }

// answered is what the filter answers to its probes.
func answered(o seccomp.Options) []evidence.Probe {
	var list []evidence.Probe
	probes := seccomp.Probes(o)
	for i := range probes {
		list = append(list, evidence.Probe{Name: probes[i].Name, Errno: errnoOf(&probes[i])})
	}
	return list
}

// unfiltered opens all four keys, so that there is no filter.
func unfiltered(c *Case) {
	c.Policy.Process.Terminal = policy.TerminalHost
	c.Policy.Sockets = policy.Sockets{HostFamilies: true, Unix: policy.UnixHost}
	c.Policy.NestedUserNamespaces = policy.NestingAllow
	c.Evidence.Inside.Seccomp.Value, c.Evidence.Outside.Seccomp.Value = 0, 0
	c.Evidence.Inside.Probes.Value = nil
}

func healthyInside() evidence.Inside {
	in := evidence.Inside{
		Caps:       known(caps.Sets{}, "capget(2)"),
		Securebits: known(uint32(0xcf), "prctl(2)"),
		NoNewPrivs: known(true, "prctl(2)"),
		Seccomp:    known(2, "prctl(2)"),
		Probes:     known(answered(seccomp.Options{}), "the calls themselves"),
		DeathSig:   known(9, "prctl(2)"),
		UIDs:       known(ids(caller), "getresuid(2)"),
		GIDs:       known(ids(caller), "getresgid(2)"),
		Groups:     known([]uint32(nil), "getgroups(2)"),
		UIDMap:     known([]evidence.IDMapLine{{Inside: caller, Outside: caller, Size: 1}}, "/proc/self/uid_map"),
		GIDMap:     known([]evidence.IDMapLine{{Inside: caller, Outside: caller, Size: 1}}, "/proc/self/gid_map"),
		Setgroups:  known("deny", "/proc/self/setgroups"),
		Hostname:   known("box", "uname(2)"),
		ProcSelf:   known(2, "/proc/self"),
		Pgrp:       known(0, "getpgid(2)"),
		Sid:        known(0, "getsid(2)"),
		SetnsFD:    known(evidence.Attempt{Control: true, Errno: "EPERM"}, "setns(2)"),
		SetnsProc:  known(evidence.Attempt{Control: true, Errno: "EACCES"}, "setns(2)"),
		Signal:     known(evidence.Attempt{Control: true, Errno: "EPERM"}, "kill(2)"),
		Network: evidence.Network{
			Links:     known([]evidence.Link{{Index: 1, Name: "lo", Loopback: true, Up: true}}, "RTM_GETLINK"),
			Addresses: known([]evidence.Address{address(1, "127.0.0.1/8"), address(1, "::1/128")}, "RTM_GETADDR"),
			Routes:    known([]evidence.Route{route("127.0.0.0/8", 1, true), route("::1/128", 1, false)}, "RTM_GETROUTE"),
		},
	}
	for _, k := range ns.All() {
		in.Namespaces[k] = known(evidence.NamespaceID(jailNS+uint64(k)), "/proc/self/ns")
	}
	return in
}

func healthyOutside() evidence.Process {
	in := healthyInside()
	p := evidence.Process{
		PID: 72, Caps: known(caps.Sets{}, "/proc/72/status"), NoNewPrivs: in.NoNewPrivs, Seccomp: in.Seccomp,
		FSUID: known(uint32(caller), "/proc/72/status"), FSGID: known(uint32(caller), "/proc/72/status"),
		Blocked: known(uint64(0), "/proc/72/status"), Ignored: known(uint64(0), "/proc/72/status"), Caught: known(uint64(0), "/proc/72/status"),
		UIDs: in.UIDs, GIDs: in.GIDs, Groups: in.Groups, NSPids: known([]int{72, 2}, "status"),
		UIDMap: in.UIDMap, GIDMap: in.GIDMap, Setgroups: in.Setgroups, Namespaces: in.Namespaces,
		FDs: known([]evidence.FD{
			{Number: 0, Target: "/dev/null", Kind: evidence.FDFile},
			{Number: 1, Target: "pipe:[1]", Kind: evidence.FDPipe},
			{Number: 2, Target: "/dev/pts/1", Kind: evidence.FDTerminal, Terminal: known(evidence.OpenTerminal{Terminal: callers, Access: accessWrite}, "/proc/72/fdinfo/2")},
			{Number: 7, Target: "socket:[8]", Kind: evidence.FDSocket},
		}, "/proc/72/fd"),
		Network: evidence.Network{
			Links:     known([]evidence.Link{{Index: 1, Name: "lo"}}, "/proc/72/net/dev"),
			Addresses: known([]evidence.Address{address(1, "127.0.0.1/32"), address(1, "::1/128")}, "/proc/72/net/fib_trie"),
			Routes:    known([]evidence.Route{route("::1/128", 1, false)}, "/proc/72/net/ipv6_route"),
		},
		Mounts: known([]evidence.Mount{
			{Device: "254:0", Point: "/", Type: "ext4"},
			{Device: "0:21", Point: "/proc", Type: "proc"},
			{Device: "0:44", Point: "/proc", Type: "proc"},
		}, "/proc/72/mountinfo"),
		Threads:  known(1, "/proc/72/status"),
		Dumpable: known(true, "/proc/72"),
	}
	for _, k := range ns.All() {
		p.Owners[k] = known(evidence.NamespaceID(jailNS+uint64(ns.User)), "ioctl(2)")
	}
	p.Owners[ns.User] = known(evidence.NamespaceID(ownNS+uint64(ns.User)), "ioctl(2)")
	return p
}

func healthySelf() evidence.Self {
	s := evidence.Self{UIDs: known(ids(caller), "status"), GIDs: known(ids(caller), "status"), Caps: known(caps.Sets{}, "status"), ProcDevice: known("0:21", "stat(2)")}
	for _, k := range ns.All() {
		s.Namespaces[k] = known(evidence.NamespaceID(ownNS+uint64(k)), "/proc/self/ns")
	}
	return s
}

func address(link int, prefix string) evidence.Address {
	return evidence.Address{Link: link, Prefix: inet.MustParsePrefix(prefix)}
}

func route(destination string, link int, local bool) evidence.Route {
	return evidence.Route{Destination: inet.MustParsePrefix(destination), Link: link, Local: local}
}

// held makes the case one in which the command was held at its first
// instruction, with everything as before but the descriptors that exec closes.
func held(c *Case) {
	after := c.Evidence.Outside
	after.FDs.Value = after.FDs.Value[:3]
	c.Evidence.AfterExec = &after
}

// hostNS makes the case one that shares namespaces of these kinds.
func hostNS(kinds ...ns.Kind) func(*Case) {
	return func(c *Case) {
		for _, k := range kinds {
			c.Policy.Namespaces[k] = policy.NamespaceHost
			own := known(evidence.NamespaceID(ownNS+uint64(k)), "/proc/self/ns")
			c.Evidence.Inside.Namespaces[k], c.Evidence.Outside.Namespaces[k] = own, own
		}
	}
}

// asRoot makes the case one of netjail run by root, with a range for the jail.
func asRoot(c *Case) {
	const first = 0x70000000
	lines := []evidence.IDMapLine{{Inside: 0, Outside: first, Size: 65536}}
	e, x := c.Evidence, c.Expect
	x.UIDMap, x.GIDMap, x.UID, x.GID = lines, lines, 0, 0
	e.Inside.UIDMap.Value, e.Inside.GIDMap.Value = lines, lines
	e.Outside.UIDMap.Value, e.Outside.GIDMap.Value = lines, lines
	e.Inside.UIDs.Value, e.Inside.GIDs.Value = ids(0), ids(0)
	e.Outside.UIDs.Value, e.Outside.GIDs.Value = ids(first), ids(first)
	e.Outside.FSUID.Value, e.Outside.FSGID.Value = first, first
	e.Before.UIDs.Value, e.After.UIDs.Value = ids(0), ids(0)
	c.Expect.Claims = []plan.Claim{{Range: plan.Range{First: 0, Size: 1}, Who: "root", File: "/etc/passwd", Line: 1}}
}

// all applies changes in order.
func all(changes ...func(*Case)) func(*Case) {
	return func(c *Case) {
		for _, change := range changes {
			change(c)
		}
	}
}

// row is one case of a rule's table: what differs from healthy, and the answer.
type row struct {
	name   string
	change func(*Case)
	want   Verdict
	says   string // part of Found or Note
}

func same(*Case) {}

func tables() map[string][]row {
	all := map[string][]row{}
	for _, family := range []map[string][]row{namespaceRows(), idRows(), networkRows(), capRows(), procRows(), treeRows(), fdRows(), ttyRows(), ledRows(), escapeRows(), crossRows(), keptRows(), crashRows(), signalRows(), joinedRows(), filterRows(), unixRows(), baitRows(), additionRows(), victimRows(), censusRows()} {
		for id, rows := range family {
			all[id] = append(all[id], rows...)
		}
	}
	return all
}

func TestRules(t *testing.T) {
	for id, rows := range tables() {
		rule, ok := Lookup(id)
		if !ok {
			t.Fatalf("no rule %q", id)
		}
		for _, r := range rows {
			t.Run(id+"/"+r.name, func(t *testing.T) {
				c := healthy()
				r.change(c)
				f := rule.Judge(c)
				if f.Verdict != r.want {
					t.Fatalf("%v, want %v: %+v", f.Verdict, r.want, f)
				}
				if !strings.Contains(f.Found+"\n"+f.Note, r.says) {
					t.Errorf("found %q, note %q, want %q in it", f.Found, f.Note, r.says)
				}
				checkShape(t, f)
			})
		}
	}
}

// checkShape holds every finding to what a report needs.
func checkShape(t *testing.T, f Finding) {
	t.Helper()
	switch f.Verdict {
	case Fail, Unknown, Declared, Open:
		if f.Note == "" {
			t.Errorf("a finding that is not a pass must say why: %+v", f)
		}
	case Pass:
		if f.Expected == "" || f.Found == "" || f.Source == "" || f.Side == SideNone {
			t.Errorf("a pass must cite what it rests on: %+v", f)
		}
	}
	if (f.Verdict == Fail || f.Verdict == Open) && f.Found == "" {
		t.Errorf("a failure must say what was found: %+v", f)
	}
}

// TestTablesAreComplete wants every rule to be tried with every outcome that it
// has.
func TestTablesAreComplete(t *testing.T) {
	tables := tables()
	for _, r := range Rules() {
		seen := map[Verdict]bool{}
		for _, row := range tables[r.ID] {
			seen[row.want] = true
		}
		for _, v := range []Verdict{Pass, Fail, Unknown} {
			if !seen[v] && !never(r.ID, v) {
				t.Errorf("%s: no case with the outcome %v", r.ID, v)
			}
		}
	}
}

// never says whether a rule has no such outcome: two cannot fail, and what one is
// about is open on purpose wherever it is open.
func never(id string, v Verdict) bool {
	switch id {
	case "proc.group", "proc.threads", "host.dmesg":
		return v == Fail
	case "unix.allowed":
		return v == Pass
	}
	return false
}

package audit

import (
	"cmp"
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// lookHostRoot says whether the host's uid 0 is the process's, or one of its map.
func lookHostRoot(v *view) Finding {
	p := &v.kind.Process
	f := fromOutside(p.UIDs.Source)
	_, same, ok := v.shares(ns.User)
	if why := missing(p.UIDs); why != "" {
		return f.unknown(why)
	}
	f.Found = "uid " + idText(p.UIDs.Value)
	if hasRoot(p.UIDs) {
		return f.open("it opens root's files and settings without a capability")
	}
	if !ok {
		return f.unknown(missing(p.Namespaces[ns.User]))
	}
	if same {
		return f.closed("")
	}
	f.Source += ", " + p.UIDMap.Source
	if why := missing(p.UIDMap); why != "" {
		return f.unknown(why)
	}
	if _, mapped := insideID(p.UIDMap.Value, 0); mapped {
		f.Found += ", map " + mapLines(p.UIDMap.Value)
		return f.open("the map reaches the host's root")
	}
	return f.closed("")
}

// lookGroups says whether supplementary groups grant more than the ids do.
func lookGroups(v *view) Finding {
	p := &v.kind.Process
	f := fromOutside(p.Groups.Source)
	if why := cmp.Or(missing(p.Groups), missing(p.GIDs)); why != "" {
		return f.unknown(why)
	}
	f.Found = numbers(p.Groups.Value)
	if slices.ContainsFunc(p.Groups.Value, func(g uint32) bool { return g != p.GIDs.Value.Effective }) {
		return f.open("they grant access to the host's files, mapped or not")
	}
	return f.closed("")
}

func judgeGroupsOutside(v *view) Finding {
	f := lookGroups(v)
	switch f.Verdict {
	case Closed:
		return f.pass()
	case Open:
		return f.unobservable("cannot be known from outside: which groups it was started with")
	}
	return f
}

func judgeUIDMapOutside(v *view) Finding {
	return v.judgeMapOutside(v.kind.UIDMap, v.policy.UIDMappings)
}

func judgeGIDMapOutside(v *view) Finding {
	return v.judgeMapOutside(v.kind.GIDMap, v.policy.GIDMappings)
}

// judgeMapOutside compares what can be compared: who started the process, and so
// whose id `caller` is, is not known.
func (v *view) judgeMapOutside(got evidence.Fact[[]evidence.IDMapLine], want policy.Mappings) Finding {
	f := fromOutside(got.Source)
	if v.policy.Namespaces[ns.User] != policy.NamespaceNew {
		return (&Case{Policy: v.policy}).notOwn(ns.User)
	}
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	f.Found = mapLines(got.Value)
	switch want.Kind {
	case policy.MappingSubordinate:
		f.Expected = "subordinate"
		return f.unobservable("cannot be known from outside: whose range it is to be")
	case policy.MappingCaller:
		f.Expected = "caller: one id"
		if len(got.Value) == 1 && got.Value[0].Size == 1 && ownID(got.Value[0]) {
			return f.pass()
		}
		return f.as(Fail, "it is no map of the caller's own id").rootsRange(got.Value)
	}
	f.Expected = count(len(want.List), "line")
	return f.compareLines(got.Value, want.List)
}

// ownID says whether a line maps an id to itself, and not the host's root.
func ownID(l evidence.IDMapLine) bool { return l.Inside == l.Outside && l.Outside != 0 }

// rootsRange accepts the range that netjail maps for root.
func (f Finding) rootsRange(lines []evidence.IDMapLine) Finding {
	const first = 0x70000000 // docs/decisions/0007-roots-ids.md
	if len(lines) == 1 && lines[0].Inside == 0 && lines[0].Outside >= first {
		return f.as(Pass, "the range that netjail gives to root's command")
	}
	return f
}

func (f Finding) compareLines(got []evidence.IDMapLine, want []policy.IDMapping) Finding {
	for _, w := range want {
		if !slices.ContainsFunc(got, func(l evidence.IDMapLine) bool {
			return l.Inside == w.ContainerID && l.Size == w.Size && (w.HostCaller || l.Outside == w.HostID)
		}) {
			return f.fail("a declared line is not there")
		}
	}
	if len(got) != len(want) {
		return f.fail("there are other lines")
	}
	return f.pass()
}

func judgeSetgroupsOutside(v *view) Finding {
	got := v.kind.Setgroups
	f := fromOutside(got.Source)
	if v.policy.Namespaces[ns.User] != policy.NamespaceNew {
		return (&Case{Policy: v.policy}).notOwn(ns.User)
	}
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	f.Expected, f.Found = "deny", got.Value
	switch {
	case v.policy.Setgroups == policy.SetgroupsAllow:
		f.Expected = "allow"
		return f.declared("setgroups is allow")
	case got.Value != "deny":
		return f.fail("setgroups(2) works")
	}
	return f.pass()
}

package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

var evidenceDisagree = Rule{
	ID:       "evidence.disagree",
	Proves:   "Wherever one fact was read in two ways, the two say the same: capabilities, ids, maps, no_new_privs, seccomp, namespaces, and in a full audit who is in the pid namespace.",
	Evidence: "capget(2), prctl(2) and /proc/self by the jailed process; /proc/PID by netjail; in a full audit gocapability, and the processes that the jail's own /proc lists",
	Control:  "at least one fact must have been told twice",
	Remedy:   "trust neither reading; a container or tracer that answers for the kernel is the usual cause",
	Key:      "-",
	Judge:    judgeDisagree,
}

func judgeDisagree(c *Case) Finding {
	var t tally
	t.caps(c.Evidence)
	t.flags(c.Evidence)
	t.namespaces(c.Evidence)
	t.ids(c)
	t.numbers(c)
	f := Finding{Side: SideBoth, Expected: "no contradiction", Source: c.Evidence.Inside.Caps.Source + ", " + c.Evidence.Outside.Caps.Source}
	switch {
	case len(t.contradictions) > 0:
		f.Found = list(t.contradictions)
		return f.fail("two readings of one fact contradict each other")
	case t.compared == 0:
		f.Side = SideNone
		return f.unknown("no fact was told twice")
	}
	f.Found = number(t.compared) + " facts told twice agree"
	if len(t.once) > 0 {
		return f.as(Pass, "told by one side only: "+list(t.once))
	}
	return f.pass()
}

// tally counts the facts that were told twice.
type tally struct {
	compared       int
	contradictions []string
	once           []string // told by one side only
}

// compare takes two readings of one fact.
func compare[T any](t *tally, name string, a, b evidence.Fact[T], same func(a, b T) bool, text func(T) string) {
	switch {
	case a.Known && b.Known:
		t.compared++
		if !same(a.Value, b.Value) {
			t.contradictions = append(t.contradictions, name+" "+text(a.Value)+" ≠ "+text(b.Value))
		}
	case a.Known != b.Known:
		t.once = append(t.once, name)
	}
}

func (t *tally) caps(e *evidence.Evidence) {
	compare(t, "capabilities", e.Inside.Caps, e.Outside.Caps, equal[caps.Sets], caps.Sets.String)
	if e.Outside.Capget.Known {
		compare(t, "capget", e.Outside.Caps, e.Outside.Capget, sameCapget, caps.Sets.String)
	}
	if after := e.AfterExec; after != nil && after.Capget.Known {
		compare(t, "capget after exec", after.Caps, after.Capget, sameCapget, caps.Sets.String)
	}
}

// sameCapget compares the three sets that capget(2) tells of another process.
func sameCapget(a, b caps.Sets) bool {
	return a.Permitted == b.Permitted && a.Effective == b.Effective && a.Inheritable == b.Inheritable
}

func (t *tally) flags(e *evidence.Evidence) {
	compare(t, "no_new_privs", e.Inside.NoNewPrivs, e.Outside.NoNewPrivs, equal[bool], word)
	compare(t, "seccomp mode", e.Inside.Seccomp, e.Outside.Seccomp, equal[int], number[int])
	if after := e.AfterExec; after != nil {
		compare(t, "seccomp mode after exec", e.Outside.Seccomp, after.Seccomp, equal[int], number[int])
	}
}

func (t *tally) namespaces(e *evidence.Evidence) {
	for _, k := range ns.All() {
		compare(t, k.String()+" namespace", e.Inside.Namespaces[k], e.Outside.Namespaces[k], equal[evidence.NamespaceID],
			func(id evidence.NamespaceID) string { return nsLink(k, id) })
	}
}

// ids compares the maps, and then the ids through them.
func (t *tally) ids(c *Case) {
	in, out := &c.Evidence.Inside, &c.Evidence.Outside
	compare(t, "uid map", in.UIDMap, out.UIDMap, sameMap, mapLines)
	compare(t, "gid map", in.GIDMap, out.GIDMap, sameMap, mapLines)
	compare(t, "setgroups", in.Setgroups, out.Setgroups, equal[string], func(s string) string { return s })
	if c.hostUser() || out.UIDMap.Known && out.GIDMap.Known {
		compare(t, "uids", c.image(in.UIDs, out.UIDMap), out.UIDs, equal[evidence.IDs], idText)
		compare(t, "gids", c.image(in.GIDs, out.GIDMap), out.GIDs, equal[evidence.IDs], idText)
	}
}

// numbers compares who is in the pid namespace, as netjail's own /proc and as the
// jail's tell it.
func (t *tally) numbers(c *Case) {
	s := c.Evidence.Census
	if s == nil || !s.Within.Known || s.Missing != "" || c.uncountedWithin(s) != "" {
		return
	}
	var own, within []int
	for i := range s.Residents {
		if s.Residents[i].Inner != 0 {
			own = append(own, s.Residents[i].Inner)
		}
	}
	for i := range s.Within.Value {
		within = append(within, s.Within.Value[i].PID)
	}
	slices.Sort(own)
	slices.Sort(within)
	compare(t, "processes of the pid namespace", evidence.Known(own, "/proc"), evidence.Known(within, s.Within.Source), slices.Equal[[]int], numbers[int])
}

// image is what ids that were read inside are in netjail's user namespace, by
// the map that the kernel gave back.
func (c *Case) image(ids evidence.Fact[evidence.IDs], lines evidence.Fact[[]evidence.IDMapLine]) evidence.Fact[evidence.IDs] {
	var ok [3]bool
	v := &ids.Value
	for i, id := range [...]*uint32{&v.Real, &v.Effective, &v.Saved} {
		*id, ok[i] = c.outside(lines.Value, *id)
	}
	ids.Known = ids.Known && ok == [3]bool{true, true, true}
	return ids
}

package audit

import (
	"cmp"
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// judgeMap compares an id map as both sides read it with the lines that were to
// be written. The kernel gives the outside column relative to the reader's user
// namespace, or to the parent for a reader inside; netjail's is that parent, so
// both read the same (user_namespaces(7)).
func judgeMap(c *Case, want []evidence.IDMapLine, r reading[[]evidence.IDMapLine]) Finding {
	if c.hostUser() {
		return c.notOwn(ns.User)
	}
	f := Finding{Expected: mapLines(want)}
	r.same, r.text = sameMap, mapLines
	got, ok := r.fold(&f)
	if !ok {
		return f
	}
	f.Found = mapLines(got)
	switch {
	case c.joins(ns.User):
		f.Expected = "any"
		return f.declared("namespaces.user is joined: who made it has written the map")
	case len(want) == 0:
		return f.unknown("nobody said which map was to be written")
	case !sameMap(got, want):
		return f.fail("the kernel holds another map")
	}
	return f.pass()
}

// sameMap ignores the order of the lines: above five of them the kernel sorts
// them itself.
func sameMap(a, b []evidence.IDMapLine) bool {
	if slices.Equal(a, b) {
		return true
	}
	return slices.Equal(sortedMap(a), sortedMap(b))
}

func sortedMap(lines []evidence.IDMapLine) []evidence.IDMapLine {
	return slices.SortedFunc(slices.Values(lines), func(a, b evidence.IDMapLine) int {
		return cmp.Compare(a.Inside, b.Inside)
	})
}

// outsideID is what an id of the jail is in netjail's user namespace.
func outsideID(lines []evidence.IDMapLine, id uint32) (uint32, bool) {
	for _, l := range lines {
		if id >= l.Inside && id-l.Inside < l.Size {
			return l.Outside + (id - l.Inside), true
		}
	}
	return 0, false
}

// insideID is what an id of netjail's user namespace is in the jail.
func insideID(lines []evidence.IDMapLine, id uint32) (uint32, bool) {
	for _, l := range lines {
		if id >= l.Outside && id-l.Outside < l.Size {
			return l.Inside + (id - l.Outside), true
		}
	}
	return 0, false
}

// outside is what an id of the jail is to be in netjail's user namespace.
func (c *Case) outside(lines []evidence.IDMapLine, id uint32) (uint32, bool) {
	if c.hostUser() {
		return id, true
	}
	return outsideID(lines, id)
}

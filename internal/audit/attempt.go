package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// judgeAttempt judges a try that must fail. refusals are the errnos by which the
// kernel says no; any other says that the try itself went wrong.
func judgeAttempt(f Finding, a evidence.Fact[evidence.Attempt], refusals []string) Finding {
	f.Side, f.Source = SideInside, a.Source
	if why := missing(a); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	switch {
	case a.Value.Succeeded:
		f.Found = "it worked"
		return f.fail("the way out is open")
	case !a.Value.Control:
		f.Found = "the control failed"
		return f.unknown("the probe is dead, so its failure says nothing")
	}
	f.Found = "refused, " + a.Value.Errno
	if !slices.Contains(refusals, a.Value.Errno) {
		return f.unknown("this errno is not a refusal")
	}
	return f.pass()
}

// openNetwork is the finding of a try to enter netjail's network namespace, where
// none is to be judged: the command shares it, or is in one over which it has no
// power, so that the control cannot work and nothing was tried.
func (c *Case) openNetwork() (f Finding, open bool) {
	switch {
	case c.joins(ns.Network) && !c.Expect.Reentry:
		f := Finding{Expected: "refused", Scope: NotAttempted}
		return f.unknown("not attempted: the command has no power over the namespace that is joined, so that nothing could serve as the control"), true
	case !c.ownNetwork() && !c.joins(ns.Network):
		return sharedNetwork(), true
	}
	return Finding{}, false
}

// sharedNetwork is the finding of an attempt where the profile shares the
// network namespace: there is nothing to break into.
func sharedNetwork() Finding {
	return Finding{Expected: "host"}.declared("namespaces.network is host: the command already is where the attempt leads")
}

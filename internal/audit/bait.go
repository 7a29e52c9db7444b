package audit

import "github.com/netjail/netjail/internal/evidence"

// tried is a bait, and the attempt at it.
type tried struct {
	place   string
	alive   bool // netjail reached it
	arrived int
	try     evidence.Fact[evidence.Attempt]
}

// at are a rule's baits with the attempts at them; ok is false where the two lists
// do not belong together.
func at(baits []evidence.Bait, tries []evidence.Fact[evidence.Attempt]) (list []tried, ok bool) {
	if len(baits) != len(tries) {
		return nil, false
	}
	for i := range baits {
		list = append(list, tried{baits[i].Name, baits[i].Control, baits[i].Arrived, tries[i]})
	}
	return list, true
}

// baits are what a full audit has put out; done is false where there is none, and f
// then says why.
func (c *Case) baits(f *Finding) (b *evidence.Baits, done bool) {
	switch {
	case !c.Evidence.Full:
		f.Scope = NotAttempted
		*f = f.unknown("not attempted in this run")
	case c.Evidence.Baits == nil:
		*f = f.unknown("netjail has put out nothing to reach")
	default:
		return c.Evidence.Baits, true
	}
	return nil, false
}

// judgeTried judges attempts of which each must be refused, by one of the errnos.
func judgeTried(f Finding, list []tried, refusals []string) Finding {
	if len(list) == 0 {
		return f.unknown("nothing was tried")
	}
	var all outcomes
	judged := f
	for i := range list {
		if judged = list[i].judge(f, refusals); judged.Verdict != Pass {
			judged.Found = list[i].place + ": " + judged.Found
			return judged
		}
		all.add(list[i].place, judged.Found)
	}
	judged.Found = all.text()
	return judged
}

// judge judges one.
func (t *tried) judge(f Finding, refusals []string) Finding {
	if t.arrived > 0 {
		f.Side, f.Source, f.Found = SideOutside, t.try.Source, "reached"
		return f.fail("what the jailed process did has arrived at netjail")
	}
	if !t.alive {
		f.Found = "not reached by netjail itself"
		return f.unknown("the probe is dead, so that its failure says nothing")
	}
	return judgeAttempt(f, t.try, refusals)
}

// absent judges a bait that could not be made: a kernel that has no such thing has
// no such channel.
func absent(f Finding, l evidence.Lack) Finding {
	switch {
	case l.NoCall:
		return Finding{Verdict: NotApplicable, Note: "this kernel has none: " + l.Why}
	case l.Why == "":
		return f.unknown("netjail made none, and nobody says why")
	}
	return f.unknown("netjail could not make one: " + l.Why)
}

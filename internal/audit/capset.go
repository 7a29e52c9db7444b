package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
)

// The parts that the five rules about capability sets have in common.
const (
	capsEvidence = "capget(2) and prctl(2) by the jailed process, /proc/PID/status by netjail; at the first instruction where netjail holds the command there, else by the formula of capabilities(7)"
	capsControl  = "none needed: two readers must give the same sets, and the jailed process held capabilities that both would show"
	capsRemedy   = "name what the command needs under capabilities; `netjail plan` shows where each set is pinned"
)

// judgeCaps compares one capability set, as the command finds it at its first
// instruction, with the declared one.
func judgeCaps(c *Case, k caps.Kind) Finding {
	declared := c.Policy.Capabilities.Sets.Get(k)
	f := Finding{Expected: declared.String()}
	sets, ok := c.capsAtStart(&f)
	got := sets.Get(k)
	if c.Policy.Capabilities.Host {
		f.Expected, f.Found = "host", "not told"
		if ok {
			f.Found = got.String()
		}
		return f.declared("capabilities is host")
	}
	if !ok {
		return f
	}
	f.Found = got.String()
	return compareCaps(f, declared, got)
}

func compareCaps(f Finding, declared, got caps.Set) Finding {
	if more := got.Without(declared); !more.IsEmpty() {
		return f.fail("not declared: " + more.String())
	}
	if less := declared.Without(got); !less.IsEmpty() {
		return f.fail("declared and not there: " + less.String())
	}
	if f.Basis == BasisByRule && !got.IsEmpty() {
		return f.as(Pass, "a file with capabilities of its own starts with no more than these")
	}
	return f.pass()
}

// capsAtStart are the five sets at the command's first instruction: as read
// there, or as they must come out. It is false where f already is the answer.
func (c *Case) capsAtStart(f *Finding) (caps.Sets, bool) {
	if after := c.Evidence.AfterExec; after != nil {
		f.Side, f.Basis, f.Source = SideOutside, BasisAfterExec, after.Caps.Source
		if !c.plausible(f, after.Caps) {
			return caps.Sets{}, false
		}
		return after.Caps.Value, true
	}
	return c.capsByRule(f)
}

// capsByRule derives the sets from what both sides read before execve(2).
func (c *Case) capsByRule(f *Finding) (caps.Sets, bool) {
	in, out := &c.Evidence.Inside, &c.Evidence.Outside
	f.Basis = BasisByRule
	sets, ok := reading[caps.Sets]{
		inside: in.Caps, outside: out.Caps,
		same: equal[caps.Sets], text: caps.Sets.String,
	}.fold(f)
	if !ok || !c.plausible(f, in.Caps) {
		return caps.Sets{}, false
	}
	if why := cmp.Or(missing(in.Securebits), missing(in.UIDs), missing(in.NoNewPrivs)); why != "" {
		*f = f.unknown("the rule cannot be applied: " + why)
		return caps.Sets{}, false
	}
	after, certain := AfterExecve(sets, in.Securebits.Value, in.UIDs.Value, in.NoNewPrivs.Value)
	if !certain {
		f.Found = "before exec: " + sets.String()
		*f = f.unknown("a file with capabilities, or a set-uid one, could start with more; only a reading after exec can tell" + c.whyNotHeld())
		return caps.Sets{}, false
	}
	return after, true
}

// whyNotHeld says why there is no reading after exec, where it was asked for.
func (c *Case) whyNotHeld() string {
	if c.Evidence.HoldWhy == "" {
		return ""
	}
	return ", and there is none: " + c.Evidence.HoldWhy
}

// plausible refuses a reading that is not known, or that shows a capability
// which the running kernel does not have.
func (c *Case) plausible(f *Finding, read evidence.Fact[caps.Sets]) bool {
	if why := missing(read); why != "" {
		*f = f.unknown(why)
		return false
	}
	if c.Expect.LastCap <= 0 {
		return true
	}
	full := caps.Full(c.Expect.LastCap)
	for _, k := range caps.Kinds() {
		if !read.Value.Get(k).SubsetOf(full) {
			f.Found = k.String() + " " + read.Value.Get(k).Hex()
			*f = f.unknown("the kernel has no such capabilities, so this is no reading")
			return false
		}
	}
	return true
}

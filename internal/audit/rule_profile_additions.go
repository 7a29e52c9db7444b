package audit

import (
	"bytes"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var profileAdditions = Rule{
	ID:       "profile.additions",
	Proves:   "What is applied is the profile that was named, and beyond it nothing but what the command line added.",
	Evidence: "the profile's canonical form, and that of what was applied",
	Control:  "none needed: two values are compared",
	Remedy:   "this is a defect of netjail: what is applied was changed on the way",
	Key:      "-",
	Judge:    judgeAdditions,
}

func judgeAdditions(c *Case) Finding {
	x := c.Expect
	f := Finding{Expected: "the profile that was named", Side: SideOutside, Source: "the canonical forms of what was named and of what is applied"}
	switch {
	case x.Named == nil:
		f.Side, f.Source = SideNone, ""
		return f.unknown("which profile was named is not known")
	case x.Named == c.Policy && len(x.Added) == 0:
		f.Found = f.Expected
		return f.pass()
	}
	if len(x.Added) > 0 {
		f.Expected += ", with " + additions(x.Added)
	}
	if !x.applied(c.Policy) {
		f.Found = "another policy"
		return f.fail("what is applied is not the profile with what was added")
	}
	if f.Found = f.Expected; len(x.Added) == 0 {
		return f.pass()
	}
	f.Expected, f.Found = additions(x.Added), additions(x.Added)
	return f.declared("added by the command line, beyond the profile")
}

// applied says whether p is what was named and added, without what the profile
// only prefers and this host does not have.
func (x *Expect) applied(p *policy.Policy) bool {
	wanted, made, err := (&policy.Resolved{Policy: x.Named}).With(x.Added)
	if err != nil || len(made) != len(x.Added) {
		return false
	}
	whole := wanted.Policy
	for _, k := range ns.All() {
		if x.Degraded[k] != "" {
			whole = whole.Without(k)
		}
	}
	return bytes.Equal(whole.Canonical(), p.Canonical())
}

// additions are "filesystem.writable /srv, process.inheritFds 3".
func additions(all []policy.Addition) string {
	words := make([]string, 0, len(all))
	for _, a := range all {
		words = append(words, a.Key+" "+a.Value)
	}
	return list(words)
}

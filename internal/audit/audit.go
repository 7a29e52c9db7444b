// Package audit judges evidence against a policy: one rule per file, pure.
package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

// Verdict is the outcome of one check.
type Verdict uint8

// The verdicts. Unknown is never a pass.
const (
	Unknown       Verdict = iota // not examined, or could not be told
	Pass                         // what is true is what was declared
	Fail                         // it is not
	Declared                     // open on purpose, by a key of the profile
	NotApplicable                // the profile shares the namespace that the check is about
)

// Side says from where a fact was seen.
type Side uint8

// The sides.
const (
	SideNone    Side = iota // nobody looked
	SideInside              // the jailed process itself
	SideOutside             // netjail
	SideBoth                // both, and they agree
)

// Rule is one check.
type Rule struct {
	ID       string // stable and dotted: "caps.bounding"
	Proves   string // one sentence
	Evidence string // which calls and files it rests on
	Control  string // what shows that the probe is alive; "none needed: …" where it is a read-back
	Remedy   string // what to do when it fails
	Key      string // the profile key it belongs to, or "-"
	Judge    func(*policy.Policy, *evidence.Evidence) Finding
}

// Finding is the answer of one rule.
type Finding struct {
	Check    string // the rule's ID
	Verdict  Verdict
	Side     Side
	Expected string // what the profile declares
	Found    string // what is true
	Source   string // the evidence cited
	// Basis is "read after exec", "by rule" (capabilities(7) leaves no other
	// outcome) or "read before exec"; empty where it does not matter.
	Basis string
	Note  string
}

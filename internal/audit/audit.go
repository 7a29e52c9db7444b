// Package audit judges evidence against a policy: one rule per file, pure.
//
// Evaluate asks every rule once, in the order of Rules, and adds one finding
// for each channel of the security model that no rule looks at (Channels), so
// that a report never claims more than was seen. Refuses is the gate: under
// `audit.mode: enforce` a finding that failed, or that could not be told,
// means that the command does not start.
package audit

import "slices"

// Verdict is the outcome of one check.
type Verdict uint8

// The verdicts. Unknown is never a pass.
const (
	Unknown       Verdict = iota // not examined, or could not be told
	Pass                         // what is true is what was declared
	Fail                         // it is not
	Declared                     // open on purpose, by a key of the profile or a waiver
	NotApplicable                // the profile shares the namespace that the check is about
	Open                         // nothing closes the channel: without a profile or, with scope Unclosable, whatever it says
	Closed                       // without a profile: something does
	verdicts
)

var verdictNames = [verdicts]string{"unknown", "pass", "fail", "declared", "not applicable", "open", "closed"}

// String is the verdict in lower case, e.g. "pass".
func (v Verdict) String() string { return verdictNames[v] }

// Verdicts lists every verdict.
func Verdicts() []Verdict {
	return []Verdict{Unknown, Pass, Fail, Declared, NotApplicable, Open, Closed}
}

// Side says from where a fact was seen.
type Side uint8

// The sides.
const (
	SideNone    Side = iota // nobody looked
	SideInside              // the jailed process itself
	SideOutside             // netjail
	SideBoth                // both, and they agree
	sides
)

var sideNames = [sides]string{"none", "inside", "outside", "both"}

// String is the side in lower case, e.g. "both".
func (s Side) String() string { return sideNames[s] }

// Sides lists every side.
func Sides() []Side { return []Side{SideNone, SideInside, SideOutside, SideBoth} }

// Scope says whether a check belongs to this run at all. It tells an Unknown
// that must refuse from one that merely owns up to a limit.
type Scope uint8

// The scopes. The zero Scope is the one that refuses.
const (
	// Examined is a check that this run makes: Unknown is then a refusal.
	Examined Scope = iota
	// NotAttempted is a check that only a full audit makes, in a run that is
	// not one.
	NotAttempted
	// NotExamined is a channel that no rule of this version looks at.
	NotExamined
	// NotObservable is what cannot be known of a process that was not started for
	// the audit, or what this host or this netjail's build keeps from netjail.
	NotObservable
	// Unclosable is a channel that a setting of the whole host opens and that no
	// profile can close. It goes with Open: it is not a pass, and a start that was
	// refused for it could not be had by any profile.
	Unclosable
	scopes
)

var scopeNames = [scopes]string{"examined", "not attempted", "not examined", "not observable", "unclosable"}

// String is the scope in lower case, e.g. "not examined".
func (s Scope) String() string { return scopeNames[s] }

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{Examined, NotAttempted, NotExamined, NotObservable, Unclosable} }

// What a finding about a process that is to call execve(2) rests on.
const (
	BasisAfterExec  = "read after exec"
	BasisByRule     = "by rule" // capabilities(7) or time_namespaces(7) leaves no other outcome
	BasisBeforeExec = "read before exec"
)

// Bases lists every Basis; the empty one is that of a fact which execve(2)
// does not touch.
func Bases() []string { return []string{"", BasisAfterExec, BasisByRule, BasisBeforeExec} }

// Rule is one check.
type Rule struct {
	ID       string // stable and dotted: "caps.bounding"
	Proves   string // one sentence
	Evidence string // which calls and files it rests on
	Control  string // what shows that the probe is alive; "none needed: …" where it is a read-back
	Remedy   string // what to do when it fails
	Key      string // the profile key it belongs to, or "-"
	// Judge answers for one start. It leaves Finding.Check to Evaluate.
	Judge func(*Case) Finding
}

// Finding is the answer of one rule.
type Finding struct {
	Check    string // the rule's ID
	Verdict  Verdict
	Scope    Scope
	Side     Side
	Expected string // what the profile declares
	Found    string // what is true
	Source   string // the evidence cited
	// Basis is one of Bases.
	Basis string
	Note  string
	// Thread is the number of the thread that the answer is about, where a running
	// process was judged and another thread than the first answers for it.
	Thread int
	// Waiver is the profile's reason, where the check failed and is waived.
	Waiver string
}

// Rules lists every rule, in report order.
func Rules() []Rule {
	list := make([]Rule, 0, len(rules))
	for _, r := range rules {
		list = append(list, *r)
	}
	return list
}

// Lookup finds a rule by its ID.
func Lookup(id string) (Rule, bool) {
	i := slices.IndexFunc(rules[:], func(r *Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return *rules[i], true
}

// as is the finding with its verdict and a note on it.
func (f Finding) as(v Verdict, note string) Finding {
	f.Verdict, f.Note = v, note
	return f
}

func (f Finding) pass() Finding                { return f.as(Pass, "") }
func (f Finding) fail(note string) Finding     { return f.as(Fail, note) }
func (f Finding) unknown(note string) Finding  { return f.as(Unknown, note) }
func (f Finding) declared(note string) Finding { return f.as(Declared, note) }

// unclosable is the finding of a channel that the host leaves open to everybody.
func (f Finding) unclosable(note string) Finding {
	f.Scope = Unclosable
	return f.as(Open, note)
}

// fullOnly is the finding of a check that this run does not make, because it is
// not a full audit.
func (f Finding) fullOnly() Finding {
	f.Side, f.Scope = SideNone, NotAttempted
	return f.unknown("only a full audit reads it")
}

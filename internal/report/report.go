// Package report writes what an audit found: as text for people, and as JSON by
// a published schema.
//
// The JSON and its schema come from one table, in members.go, so that neither
// can say what the other does not. Both are written without encoding/json, whose
// start-up cost every run would pay.
package report

import (
	"time"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/policy"
)

// Version is the number of the JSON form. It changes when a reader of the old
// form would go wrong, and not when a member is added.
const Version = 1

// Report is everything that is said of one start.
type Report struct {
	Netjail  string // netjail's own version
	Kernel   string // the release as in uname(2)
	LSMs     []string
	Time     time.Time
	User     User
	Profile  Profile
	Command  []string // with argv[0]
	Mode     policy.AuditMode
	Full     bool   // the dear attempts were made as well
	Launcher string // how the process was made, as in evidence.Evidence
	Outcome  Outcome
	// Degraded are the keys of `prefer` that this host could not enforce.
	Degraded []policy.Degraded
	Findings []audit.Finding
	// Process are facts of the running process that was judged; nil where one was
	// started.
	Process []Fact
	// Waived are the checks that the profile waives.
	Waived []string
	// Program is the executable file of a process that was judged; empty where that
	// is not known, or a command was started.
	Program string
	// AtExit is what was said at the command's end; nil where nobody asked.
	AtExit *AtExit
}

// judged says whether there is a profile that anything was judged against.
func (r *Report) judged() bool { return r.Process == nil || r.Profile.Name != "" }

// Fact is a named value.
type Fact struct{ Name, Value string }

// User is who ran netjail: its real ids.
type User struct{ UID, GID uint32 }

// Profile says which profile was applied.
type Profile struct {
	Name   string
	Source string // the file, or "built-in"
	Digest string // "sha256:…" over the resolved form; empty where it was not taken
	// Origins tell the line of each key.
	Origins policy.Origins
}

// BuiltIn is the Source of the profiles that netjail carries with it.
const BuiltIn = "built-in"

// Outcome is what became of the command. The zero Outcome claims the least.
type Outcome uint8

// The outcomes.
const (
	Failed  Outcome = iota // netjail could not do the work
	Refused                // the audit refused: the command never ran
	Started                // the command ran
	Audited                // there was no command but the audit's own
	outcomes
)

var outcomeNames = [outcomes]string{"failed", "refused", "started", "audited"}

// String is the outcome in lower case, e.g. "refused".
func (o Outcome) String() string { return outcomeNames[o] }

// Outcomes lists every outcome.
func Outcomes() []Outcome { return []Outcome{Failed, Refused, Started, Audited} }

// Counts are the numbers of findings. Checks is the sum of the eight that are
// answers; the last three are none.
type Counts struct {
	Checks                                       int
	Pass, Fail, Unknown, Declared, NotApplicable int
	Open, Unclosable, Closed                     int
	NotAttempted, NotExamined, NotObservable     int
}

// Counts counts the findings.
func (r *Report) Counts() Counts {
	var c Counts
	for i := range r.Findings {
		c.add(&r.Findings[i])
	}
	c.Checks = c.Pass + c.Fail + c.Unknown + c.Declared + c.NotApplicable + c.Open + c.Unclosable + c.Closed
	return c
}

func (c *Counts) add(f *audit.Finding) {
	switch groupOf(f) {
	case groupPass:
		c.Pass++
	case groupFail:
		c.Fail++
	case groupUnknown:
		c.Unknown++
	case groupDeclared:
		c.Declared++
	case groupNotApplicable:
		c.NotApplicable++
	case groupNotAttempted:
		c.NotAttempted++
	case groupNotExamined:
		c.NotExamined++
	case groupNotObservable:
		c.NotObservable++
	case groupOpen:
		c.Open++
	case groupUnclosable:
		c.Unclosable++
	case groupClosed:
		c.Closed++
	}
}

package plan

import "github.com/netjail/netjail/internal/tree"

// Actor says which process carries out an Op.
type Actor uint8

// The actors. Child is the process that becomes the command; with a new pid
// namespace it is, from the fork on, pid 2 of it.
const (
	Parent Actor = iota // netjail itself, while the child waits at a gate
	Child               // the new process
	PID1                // the new pid namespace's first process, after the fork
	Joiner              // a process that has done its part on the way to the child
	Ahead               // netjail itself, before it makes the child
	Doomed              // a process of the child's that may end with what it tries
	Helper              // a process of the child's in a joined pid namespace, for which the child waits
)

// String is the actor's name in `netjail plan`.
func (a Actor) String() string {
	switch a {
	case Parent, Ahead:
		return "parent"
	case PID1:
		return "pid1"
	case Joiner:
		return "joiner"
	case Doomed:
		return "doomed"
	case Helper:
		return "helper"
	}
	return "child"
}

// Op is one operation.
type Op struct {
	// Name identifies the op in its plan: "maps.uid", "caps.drop.CAP_CHOWN".
	Name  string
	Actor Actor
	// Call is the system call's name in section 2 of the manual, or one of the
	// Deed and Word constants.
	Call string
	// Number is the call's number where it is not one of those that netjail
	// itself has a use for; 0 leaves it to Call.
	Number int
	Args   []Arg
	// Each holds, for an op that is several calls alike, what stands in the places
	// of ArgEach: call after call, and for each from its first place to its last.
	// It is empty for a single call.
	Each []Arg
	// Entries are the entries of the layout that the op makes: for one that is
	// several calls, one for each of them. They are nil where there are none.
	Entries []*tree.Entry
	// Out is the size of the buffer that the kernel fills, 0 for none. It is
	// poisoned beforehand.
	Out    int
	Expect Expect
	// Key is the profile key that asked for the op, "-" where none did.
	Key string
	// Why says what the op is for, in one line.
	Why string
	// Needs names the privilege the call takes, empty for none.
	Needs string
	// Fact is what the op reads, empty where it is no reading.
	Fact Fact
}

// Word is the Call of an op that looks at an int32 which an earlier call wrote:
// its value is the op's result.
const Word = "word"

// SameFile is the Call of an op that compares what an earlier statx(2) wrote
// with a file of the snapshot: its result is 0 where it is the same, and else
// what differs first: 1 the device, 2 the inode, 3 the type.
const SameFile = "same-file"

// Compat is the Call of an op that makes a 32-bit call on amd64: its arguments are
// that one's number and first argument.
const Compat = "int80"

// Pretend is the Call of an op that claims success and does nothing, as a
// filter that answers in the kernel's place would. No built plan holds it: tests
// put it there.
const Pretend = "pretend"

// places is how many of an op's arguments change from call to call.
func (o *Op) places() int {
	n := 0
	for i := range o.Args {
		if o.Args[i].Kind == ArgEach {
			n++
		}
	}
	return n
}

// Calls is how many calls the op is.
func (o *Op) Calls() int {
	if len(o.Each) == 0 {
		return 1
	}
	return len(o.Each) / max(1, o.places())
}

// At is call k of the op, from 0, as an op by itself.
func (o *Op) At(k int) *Op {
	one := *o
	if n := o.places(); n > 0 {
		values := o.Each[k*n:]
		one.Args = append([]Arg(nil), o.Args...)
		for i := range one.Args {
			if one.Args[i].Kind == ArgEach {
				one.Args[i], values = values[0], values[1:]
			}
		}
	}
	if o.Entries != nil {
		one.Key, one.Entries = o.Entries[k].Key, o.Entries[k:k+1]
		if why := o.Entries[k].Why; why != "" {
			one.Why = why
		}
	}
	one.Each = nil
	return &one
}

// Deeds: what the parent does while the child waits. They are calls too, but
// they name what they do to the child by its id, which no plan knows. One is
// done ahead, to a process that is not the child.
const (
	DeedMakeUsers         = "make-user-namespace" // a user namespace with these maps, as a descriptor; nobody is left in it
	DeedDropGroups        = "drop-groups"         // setgroups(0, NULL) in the thread that clones, undone behind the clone
	DeedCompareNamespaces = "compare-namespaces"  // each new namespace differs from netjail's, each other does not
	DeedWriteFile         = "write-file"          // openat, write, close of a file below /proc/<child>
	DeedRunMapper         = "run-mapper"          // newuidmap or newgidmap executed for <child>
	DeedAuditReaper       = "audit-reaper"        // what pid 1 holds, before it stops being dumpable
	DeedStartTimer        = "start-timer"         // a timer of the kernel's, at whose end netjail ends the jail
	DeedLook              = "look"                // collect the outside evidence of the process that makes the command in a joined pid namespace
	DeedAudit             = "audit"               // collect the outside evidence, judge, refuse or let go
)

// Expect says which results of a call are success.
type Expect struct {
	Mode ExpectMode
	// Want is the one result of ExpectEqual.
	Want int64
	// Accept holds up to two errnos that are success under ExpectOK.
	Accept []Errno
}

// ExpectMode tells how a result is compared.
type ExpectMode uint8

// The modes.
const (
	ExpectOK    ExpectMode = iota // no error, or an accepted one
	ExpectEqual                   // exactly Want
	ExpectAny                     // whatever it is, it is read as evidence
)

// Errno is an error number with its name, the same on amd64 and arm64.
type Errno struct {
	Name   string
	Number int
}

// The errnos that ops accept.
var (
	eexist        = Errno{"EEXIST", 17}
	eaddrnotavail = Errno{"EADDRNOTAVAIL", 99}
)

func equal(n int64) Expect        { return Expect{Mode: ExpectEqual, Want: n} }
func accepting(e ...Errno) Expect { return Expect{Accept: e} }
func anything() Expect            { return Expect{Mode: ExpectAny} }

package plan

import (
	"strings"

	"github.com/netjail/netjail/internal/seccomp"
)

// What a doomed process tries ends it, if all is well. It is a process that the
// child makes under its own filter, with a copy of its memory, and waits for.
//
// The facts are wait4(2) of each: result, its number; in the buffer an int32, its
// status.
const (
	FactCompat Fact = "attempt.doomed.i386"   // exit_group(DoomedMade) by int 0x80
	FactX32    Fact = "attempt.doomed.x32"    // exit_group(DoomedMade) of the x32 table
	FactNested Fact = "attempt.doomed.nested" // unshare(CLONE_NEWUSER): it ends with the result's low byte
)

// Exit statuses of a doomed process. None is the low byte of an errno with which
// unshare(2) answers.
const (
	DoomedMade     = 42 // the call in another table was made
	DoomedReturned = 43 // the call in another table returned to its caller
)

// Numbers of exit_group(2) in the tables of i386 (syscall_32.tbl) and x32, which has
// the 64-bit numbers with a bit of its own (asm/unistd.h, __X32_SYSCALL_BIT).
const (
	CompatExitGroup = 252
	X32ExitGroup    = 0x40000000 | 231
)

const doomedPrefix = "attempt.doomed."

// makesDoomed says whether an op makes a doomed process.
func makesDoomed(op string) bool {
	return strings.HasPrefix(op, doomedPrefix) && strings.HasSuffix(op, ".fork")
}

// doomAll tries what cannot be tried by whoever is to live on: the system calls of
// the tables of i386 and x32, whose caller the filter kills, and a user namespace
// in earnest.
func (b *builder) doomAll() {
	if !b.options.Full {
		return
	}
	if b.host.Arch == seccomp.AMD64 {
		b.doom("i386", "sockets", FactCompat,
			Op{Call: Compat, Args: []Arg{named("exit_group", CompatExitGroup), num(DoomedMade)}}, num(DoomedReturned))
		b.doom("x32", "sockets", FactX32,
			Op{Call: "exit_group", Number: X32ExitGroup, Args: []Arg{num(DoomedMade)}}, num(DoomedReturned))
	}
	if b.policy.Filtered() && !FilterOptions(b.policy).Nested {
		b.doom("nested", "nestedUserNamespaces", FactNested,
			Op{Call: "unshare", Args: []Arg{named("CLONE_NEWUSER", 0x10000000)}}, result(doomedPrefix+"nested.call"))
	}
}

// doom makes a process that makes a call and, where that returns, ends with a
// status, and waits for it. It has no signal for its end: the command would find
// that pending. It leaves no core file, whatever the limit is.
func (b *builder) doom(name, key string, fact Fact, call Op, status Arg) {
	name = doomedPrefix + name
	b.child(Op{
		Name: name + ".fork", Call: "clone", Key: key, Args: []Arg{num(0), num(0), null, null, num(0)},
		Why: "who makes the call may end with it",
	})
	doomed := func(step string, o Op, why string) {
		o.Name, o.Actor, o.Key, o.Expect, o.Why = name+step, Doomed, key, anything(), why
		b.add(o)
	}
	doomed(".quiet", Op{Call: "prctl", Args: []Arg{named("PR_SET_DUMPABLE", 4), num(0)}}, "no core file of it")
	doomed(".call", call, "it must be refused, or end whoever makes it")
	doomed(".exit", Op{Call: "exit_group", Args: []Arg{status}}, "it has not ended")
	b.child(Op{
		Name: name, Call: "wait4", Key: key, Args: []Arg{result(name + ".fork"), out(), named("__WALL", 0x40000000), null},
		Out: 4, Expect: anything(), Fact: fact, Why: "how it ended",
	})
}

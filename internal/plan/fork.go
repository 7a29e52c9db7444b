package plan

import (
	"math"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// ForkOp is the name of the op at which pid 1 and the command part.
const ForkOp = "pid1.fork"

// ReaperArgv0 is how the reaper's program is told that it is the reaper.
const ReaperArgv0 = "netjail-reaper"

// reaperEnv keeps the Go runtime, where it is the reaper's, from opening files of
// control groups and an event queue.
const reaperEnv = "GODEBUG=containermaxprocs=0,updatemaxprocs=0"

// fork makes pid 2, which goes on with the plan, and turns pid 1 into the
// reaper by executing its program. Only then is pid 2 let go: until it has a
// program of its own, pid 1 may share memory with netjail.
func (b *builder) fork() {
	if !b.plan.Forks {
		return
	}
	b.child(Op{
		Name: ForkOp, Call: "clone", Key: "namespaces.pid",
		Args: []Arg{flags(named("CLONE_VM", 0x100), named("CLONE_PARENT_SETTID", 0x100000), signal("SIGCHLD", 17)), num(0), out(), null, num(0)},
		Out:  4,
		Why:  "the parent reaps and reports; the child is the command",
	})
	for _, d := range []FD{FDStatus, FDReaper} {
		b.child(Op{
			Name: "fd.close" + b.fd(d).Name, Call: "close", Key: "process.inheritFds", Args: []Arg{b.fd(d)},
			Why: "it is pid 1's: the command's side has no use for it",
		})
	}
	b.pid1(Op{
		Name: "pid1.status", Call: "dup3", Args: []Arg{b.fd(FDStatus), num(0), num(0)}, Expect: equal(0),
		Why: "its one descriptor: the status channel",
	})
	b.pid1(Op{
		Name: "pid1.close", Call: "close_range", Args: []Arg{num(1), named("~0U", math.MaxUint32), named("CLOSE_RANGE_CLOEXEC", 4)},
		Why: "nothing of the command's, nothing of netjail's",
	})
	if !b.policy.Capabilities.Host && !b.policy.Capabilities.Sets.Permitted.IsEmpty() {
		b.capset("pid1.caps", caps.Sets{}, "the reaper needs none of the command's capabilities")
		b.last().Actor = PID1
	}
	b.pid1(Op{
		Name: "pid1.exec", Call: "execveat",
		Args: []Arg{b.fd(FDReaper), str(""), b.reaperArgv(), vector([]string{reaperEnv}), named("AT_EMPTY_PATH", 0x1000)},
		Why:  "memory of its own, before anything foreign runs in the jail",
	})
	if !b.policy.New(ns.PID) {
		b.parentDeath("parent-death.command")
		b.deathReading(true)
	}
	b.parent(Op{
		Name: "pid1.audit", Call: DeedAuditReaper, Key: "namespaces.pid",
		Why: "once it is no longer dumpable, an ordinary user cannot look at it",
	})
}

// reaperArgv tells the reaper which process is the command. The kernel wrote its
// number, below 256 so early in a pid namespace, as four bytes: that is a string
// of one byte.
//
// Without a pid namespace the command is its only child, and it is told none.
func (b *builder) reaperArgv() Arg {
	if !b.policy.New(ns.PID) {
		return vector([]string{ReaperArgv0, ""})
	}
	return Arg{
		Kind:  ArgWords,
		Block: &Block{Words: []Arg{str(ReaperArgv0), outOf(ForkOp, 0), null}, Text: `["` + ReaperArgv0 + `", <pid>]`},
	}
}

func (b *builder) pid1(o Op) {
	o.Actor = PID1
	o.Key = "namespaces.pid"
	b.add(o)
}

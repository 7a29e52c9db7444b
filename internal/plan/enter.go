package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

// A pid namespace is joined by setns(2) and then a fork: the process itself stays
// where it is. So the child does everything where nobody of the joined namespace
// sees it, and netjail looks at it there. What becomes the command is made last.

// Names of the ops at which a process in the joined pid namespace is made.
const (
	// ProcForkOp makes the helper, which mounts /proc.
	ProcForkOp = "pid.helper"
	// EnterOp makes the process that becomes the command.
	EnterOp = "pid.enter"
)

var (
	prSetDumpable = named("PR_SET_DUMPABLE", 4)
	prGetDumpable = named("PR_GET_DUMPABLE", 3)
)

// hidesFromNetjail says whether netjail could not read a process that is not
// dumpable. With CAP_SYS_PTRACE it can, and the process is not dumpable from the
// start.
func (b *builder) hidesFromNetjail() bool { return !b.host.Caps.Has(caps.SysPtrace) }

// dumpable sets whether the process, and what it forks, can be traced by others of
// the same user, and looks that it is so.
func (b *builder) dumpable(name string, n int, why string) {
	b.child(Op{Name: name, Call: "prctl", Key: "namespaces", Args: []Arg{prSetDumpable, num(n)}, Why: why})
	b.child(Op{Name: name + ".check", Call: "prctl", Key: "namespaces", Args: []Arg{prGetDumpable}, Expect: equal(int64(n)), Why: "it is so"})
}

// mountProc mounts /proc: that of the pid namespace which whoever mounts is in.
func (b *builder) mountProc(o Op) {
	b.aside(func(by Actor) {
		o.Actor = by
		b.add(o)
	})
}

// aside has an op carried out in the joined pid namespace, by a process that ends
// behind it. Who lives there sees that process, and can signal it, but not trace it.
func (b *builder) aside(op func(by Actor)) {
	const key = "namespaces.pid"
	if !b.joins(ns.PID) {
		op(Child)
		return
	}
	if b.hidesFromNetjail() {
		b.dumpable("pid.helper.dumpable", 0, "nobody in the pid namespace can trace the helper, or see what it has open")
	}
	b.child(Op{
		Name: ProcForkOp, Call: "clone", Key: key, Args: []Arg{signal("SIGCHLD", 17), num(0), null, null, num(0)},
		Why: "a /proc is of the pid namespace in which it is mounted",
	})
	op(Helper)
	b.add(Op{Name: "pid.helper.end", Actor: Helper, Call: "exit_group", Key: key, Args: []Arg{num(0)}, Why: "it has served"})
	b.child(Op{
		Name: "pid.helper.wait", Call: "wait4", Key: key, Args: []Arg{named("-1", ^uint64(0)), out(), named("__WALL", 0x40000000), null}, Out: 4,
		Why: "it is done",
	})
	b.child(Op{
		Name: "pid.helper.check", Call: Word, Key: key, Args: []Arg{outOf("pid.helper.wait", 0)}, Expect: equal(0), Why: "and nobody has ended it",
	})
	if b.hidesFromNetjail() {
		b.dumpable("pid.helper.dumpable.back", 1, "netjail is to look at it")
	}
}

// enterPID makes the process that becomes the command, in the pid namespace that is
// joined. Until then nobody there has seen anything of it.
func (b *builder) enterPID() {
	const key = "namespaces.pid"
	if !b.joins(ns.PID) {
		return
	}
	b.gate("enter", GateEnter, "netjail looks at everything now, before anybody else can")
	b.parent(Op{Name: "look", Call: DeedLook, Key: "audit.mode", Why: "from outside: what the kernel says the child is"})
	if b.hidesFromNetjail() {
		b.dumpable("pid.dumpable", 0, "nobody in the pid namespace can trace what is made there, or see what it has open, before its execve")
	}
	b.child(Op{
		Name: EnterOp, Call: "clone", Key: key, Args: []Arg{flags(named("CLONE_PARENT", 0x8000), named("CLONE_PARENT_SETTID", 0x100000)), num(0), out(), null, num(0)}, Out: 4,
		Why: "the command is in the pid namespace " + strconv.FormatUint(b.host.Joined[ns.PID].Node.Inode, 10),
	})
	b.endJoiner()
	b.parentDeath("parent-death.entered")
	b.deathReading(true)
	if b.policy.New(ns.Mount) {
		b.reading("proc-self", "readlinkat", FactProcSelf, 16, atFDCWD, str("/proc/self"), out(), num(16))
	}
}

// refuseJoinedPID: a /proc of the joined namespace takes power over that.
func (b *builder) refuseJoinedPID(r *refusals, j *Joined) {
	if !b.policy.New(ns.Mount) || j.Why != "" || j.Owner == 0 {
		return
	}
	if b.overlaysBehindProc() {
		r.add("namespaces.pid", "with `root: host` the /proc of "+j.Path+" is there before the home directory is made copy-on-write, for which the child has to find itself in /proc",
			"write `root: readonly` or `root: system`, or another `home`")
	}
	owner := "user:[" + strconv.FormatUint(j.Owner, 10) + "]"
	if b.policy.New(ns.User) {
		r.add("namespaces.pid", "a new mount namespace needs a /proc of "+j.Path+", and to mount that takes CAP_SYS_ADMIN in "+owner+" that owns it, which nobody has in a new user namespace",
			"join "+owner+" as well, if that is a jail's; or join the mount namespace (`mount: {join: …}`), or write `mount: host`")
	}
}

// overlaysBehindProc says whether an overlay of the caller's own tree is made after the
// /proc: its directories are told to the kernel by way of that.
func (b *builder) overlaysBehindProc() bool {
	if b.host.Tree == nil || !b.host.Tree.InPlace {
		return false
	}
	behind := false
	for i := range b.host.Tree.Entries {
		e := &b.host.Tree.Entries[i]
		behind = behind || e.Kind == tree.Proc
		if behind && (e.Kind == tree.Overlay || e.Kind == tree.Ephemeral) {
			return true
		}
	}
	return false
}

package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// Joined is a namespace that exists, and that the command is to be in.
type Joined struct {
	// Path is its file, Node which file that was when netjail looked: its inode is
	// what identifies the namespace.
	Path string
	Node tree.Node
	// Owner is the inode of the user namespace that owns it, and of a user
	// namespace its parent; 0 where that lies outside netjail's own.
	Owner uint64
	// Own says that netjail's own user namespace is the owner.
	Own bool
	// Why says why it cannot be joined, Help what to do.
	Why, Help string
}

// Names of the two ops at which processes part before the child is there.
const (
	// JoinForkOp leaves the stage: what goes on has one thread, as setns(2) demands
	// for a user namespace.
	JoinForkOp = "join.fork"
	// JoinCloneOp makes the child, in the namespaces that were joined and with
	// those that are new.
	JoinCloneOp = "join.clone"
)

// Joins says whether the command joins a namespace. Such a plan is carried out by
// the stage: the processes that it takes share no memory with netjail, because
// who lives in a namespace may be able to trace whoever enters it.
func (p *Plan) Joins() bool { return p.Joined != [ns.Count]uint64{} }

// joins says whether a namespace of this kind is joined.
func (b *builder) joins(k ns.Kind) bool { return b.policy.Namespaces[k] == policy.NamespaceJoin }

// joined lists the kinds that are joined. The user namespace comes first: its
// capabilities are what lets an ordinary user into the others.
func (b *builder) joined() []ns.Kind {
	var kinds []ns.Kind
	for _, k := range ns.All() {
		if b.joins(k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// leaveStage makes the process that joins. Its parent, and the child's, is netjail.
func (b *builder) leaveStage() {
	if !b.plan.Joins() {
		return
	}
	b.part(JoinForkOp, 0, "namespaces are joined by a process with one thread and with memory of its own")
}

// part makes a process with these CLONE_NEW* bits, which goes on; the one that was
// there ends.
func (b *builder) part(name string, newFlags uintptr, why string) {
	args := []Arg{named("CLONE_PARENT", 0x8000), named("CLONE_PARENT_SETTID", 0x100000)}
	for _, k := range ns.All() {
		if newFlags&k.CloneFlag() != 0 {
			args = append(args, named(k.FlagName(), uint64(k.CloneFlag())))
		}
	}
	b.child(Op{
		Name: name, Call: "clone", Key: "namespaces", Args: []Arg{flags(args...), num(0), out(), null, num(0)}, Out: 4, Why: why,
	})
}

// joinAll enters the namespaces, makes the child and lets everybody else end.
func (b *builder) joinAll() {
	if !b.plan.Joins() {
		return
	}
	b.guardJoiner()
	if b.host.Caps.Has(caps.SysPtrace) {
		b.child(Op{
			Name: "join.dumpable", Call: "prctl", Key: "namespaces", Args: []Arg{named("PR_SET_DUMPABLE", 4), num(0)},
			Why: "until its execve nobody in the namespaces that are joined can trace it; netjail can look at it all the same",
		})
		b.child(Op{
			Name: "join.dumpable.check", Call: "prctl", Key: "namespaces", Args: []Arg{named("PR_GET_DUMPABLE", 3)}, Expect: equal(0),
			Why: "it is so",
		})
	}
	b.openProc()
	kinds := b.joined()
	for _, k := range kinds {
		b.openJoined(k)
	}
	for _, k := range kinds {
		b.enter(k)
	}
	const why = "the new namespaces, made in the user namespace that owns them"
	if b.joins(ns.PID) {
		b.unshareNew(why) // whatever it made would be in that pid namespace
		return
	}
	b.part(JoinCloneOp, cloneFlags(b.policy), why)
	b.endJoiner()
}

// unshareNew makes the new namespaces in the process itself.
func (b *builder) unshareNew(why string) {
	var bits []Arg
	for _, k := range ns.All() {
		if cloneFlags(b.policy)&k.CloneFlag() != 0 {
			bits = append(bits, named(k.FlagName(), uint64(k.CloneFlag())))
		}
	}
	if len(bits) > 0 {
		b.child(Op{Name: "join.unshare", Call: "unshare", Key: "namespaces", Args: []Arg{flags(bits...)}, Needs: "CAP_SYS_ADMIN", Why: why})
	}
}

// endJoiner ends a process that has made the next one.
func (b *builder) endJoiner() {
	b.add(Op{
		Name: "join.end", Actor: Joiner, Call: "exit_group", Key: "namespaces", Args: []Arg{num(0)},
		Why: "the process that it made goes on",
	})
}

// guardJoiner lets the process that joins end with netjail: a path may be one at
// which it waits for long. The child asks for itself.
func (b *builder) guardJoiner() {
	const name = "join.parent-death"
	b.child(Op{
		Name: name, Call: "prctl", Key: "namespaces", Args: []Arg{prSetPdeathsig, sigkill}, Why: "it ends when netjail does, wherever it waits",
	})
	b.child(Op{
		Name: name + ".read", Call: "prctl", Key: "namespaces", Args: []Arg{prGetPdeathsig, out()}, Out: 4, Why: "what the kernel took down",
	})
	b.child(Op{
		Name: name + ".check", Call: Word, Key: "namespaces", Args: []Arg{outOf(name+".read", 0)}, Expect: equal(int64(sigkill.Value)), Why: "it is so",
	})
}

// openJoined opens the file of a namespace and makes sure that it is the one that
// the snapshot saw. All are opened before the first is entered: from inside, their
// paths may lead elsewhere.
func (b *builder) openJoined(k ns.Kind) {
	key, open := "namespaces."+k.String(), "join."+k.String()+".open"
	j := &b.host.Joined[k]
	b.child(Op{
		Name: open, Call: "openat", Key: key, Why: "the namespace that the profile names",
		Args: []Arg{atFDCWD, str(j.Path), flags(named("O_RDONLY", 0), named("O_CLOEXEC", 0o2000000), named("O_NONBLOCK", 0o4000))},
	})
	b.child(Op{
		Name: open + ".stat", Call: "statx", Key: key, Why: "which file it is", Out: statxSize,
		Args: []Arg{result(open), str(""), atEmptyPath, statxID, out()},
	})
	b.child(Op{
		Name: open + ".same", Call: SameFile, Key: key, Expect: equal(0), Why: "it is the one that was there when netjail looked",
		Args: []Arg{outOf(open+".stat", 0), {Kind: ArgNode, Block: &Block{Node: &j.Node}}},
	})
}

// enter enters a namespace that openJoined has opened.
func (b *builder) enter(k ns.Kind) {
	key, name := "namespaces."+k.String(), "join."+k.String()
	b.child(Op{
		Name: name, Call: "setns", Key: key, Needs: "CAP_SYS_ADMIN in its owner, and in the own user namespace",
		Args: []Arg{result(name + ".open"), named(k.FlagName(), uint64(k.CloneFlag()))},
		Why:  "the command is in the " + k.String() + " namespace " + strconv.FormatUint(b.host.Joined[k].Node.Inode, 10),
	})
	b.child(Op{
		Name: name + ".close", Call: "close", Key: key, Args: []Arg{result(name + ".open")}, Why: "nothing stays open",
	})
}

// refuseJoins: a namespace that is not there, or that the caller has no power
// over.
func (b *builder) refuseJoins(r *refusals) {
	for _, k := range b.joined() {
		key, j := "namespaces."+k.String(), &b.host.Joined[k]
		switch {
		case k == ns.Mount:
			r.add(key, "a "+k.String()+" namespace is not joined: what lives in it could meddle with the command before the audit has let it go", "write `new` or `host`")
		case j.Why != "":
			r.add(key, j.Why, j.Help)
		case k != ns.User:
			b.refuseOwner(r, key, j)
		}
		if k == ns.PID {
			b.refuseJoinedPID(r, j)
		}
	}
}

// refuseOwner: to enter takes CAP_SYS_ADMIN in the user namespace that owns what
// is entered, and in the own one. Source: setns(2).
func (b *builder) refuseOwner(r *refusals, key string, j *Joined) {
	user := &b.host.Joined[ns.User]
	owner := "user:[" + strconv.FormatUint(j.Owner, 10) + "]"
	switch {
	case j.Owner == 0:
		r.add(key, j.Path+" belongs to a user namespace outside netjail's own, where netjail has no privilege", "run netjail outside")
	case b.joins(ns.User) && user.Why == "" && j.Owner != user.Node.Inode:
		r.add(key, j.Path+" belongs to "+owner+", and the user namespace that is joined is another", "join namespaces of one jail")
	case b.joins(ns.User) || b.host.Caps.Has(caps.SysAdmin):
	case j.Own:
		r.add(key, j.Path+" belongs to netjail's own user namespace: to enter it takes CAP_SYS_ADMIN there, which netjail does not have",
			"run netjail as root, or join namespaces of a jail of the caller's own")
	default:
		r.add(key, "to enter "+j.Path+" takes CAP_SYS_ADMIN, in "+owner+" that owns it and in netjail's own user namespace",
			"join "+owner+" as well, if that is a jail's: `user: {join: /proc/PID/ns/user}`; or run netjail as root")
	}
}

package plan

import (
	"encoding/binary"
	"strconv"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Plan is the program of one start.
type Plan struct {
	// Policy is what the plan enforces: the profile, without what Degraded lists.
	Policy *policy.Policy
	// Typed are the terminals among 0 to 2 into which a full audit tries to type.
	Typed []int
	// Degraded are the keys of `prefer` that this host cannot enforce.
	Degraded []policy.Degraded
	// New are the kinds of which the command gets a namespace of its own.
	New [ns.Count]bool
	// Joined are the inodes of the namespaces that it joins, by which they are
	// known; 0 for every other kind.
	Joined [ns.Count]uint64
	// Flags are the CLONE_NEW* bits of the process that netjail makes. The time
	// namespace is not among them: it is made later, as all are where one is joined.
	Flags uintptr
	// Ops are in order. The parent's stand right behind the gate at which the
	// child waits for them.
	Ops []Op
	// Forks says whether there is a reaper, of which the command is a child: as pid
	// 1 of a new pid namespace, or as the leader of a new session.
	Forks bool
	// InheritFDs are the descriptors that the command keeps.
	InheritFDs []int
	// Streams are what the command gets in the place of the descriptors 0 to 2.
	Streams [StreamCount]Treatment
	// Leads says whether the reaper leads a new session, whose terminal netjail
	// relays.
	Leads bool
	// OwnTerminal says whether that terminal is one of the jail's own /dev/pts.
	OwnTerminal bool
	// Scoped says whether the command is in a Landlock domain out of which no signal
	// leads.
	Scoped bool
	// DropsGroups says whether the command starts without supplementary groups.
	DropsGroups bool
	// UIDMap and GIDMap are the maps with every `caller` resolved; empty where
	// the user namespace is the host's.
	UIDMap, GIDMap []MapLine
	// Shared are the host's paths that the command sees with the host's own
	// inodes; none where it sees the caller's whole tree.
	Shared []string
	// HasUnix says whether it can make unix sockets, to meet somebody there.
	HasUnix bool
	// Limits are those that the plan sets, beside giving RLIMIT_NOFILE back.
	Limits []policy.Rlimit
	// IDs are what the command runs as, inside; the Outside ones are the same in
	// netjail's user namespace, where the command's is a new one.
	UID, GID               uint32
	OutsideUID, OutsideGID uint32
}

// MapLine is a line of uid_map or gid_map.
type MapLine struct{ Inside, Outside, Size uint32 }

// builder collects the ops of one plan.
type builder struct {
	policy  *policy.Policy
	host    *Host
	command *Command
	options Options
	plan    *Plan
	// laid makes the tree; nil where there is none.
	laid *treeBuilder
	// args is room for the arguments of many ops at once: made one by one they
	// would cost a tenth of the start.
	args []Arg
	// procKept says that keepProc has been.
	procKept bool
}

// Room for the ops of most plans, and for the arguments that are made at once.
const (
	opRoom  = 144
	argRoom = 512
)

// Build makes the plan for running command under p on host h.
//
// Errors: *Refusals, with everything that this host cannot enforce; nothing is
// left out of the plan instead.
func Build(p *policy.Policy, h *Host, c *Command, o Options) (*Plan, error) {
	p, degraded := degrade(p, h)
	b := &builder{policy: p, host: h, command: c, options: o, plan: &Plan{Policy: p, Degraded: degraded, Ops: make([]Op, 0, opRoom+h.opsOfTree())}}
	if err := b.refuse(); err != nil {
		return nil, err
	}
	b.streams()
	b.plan.Forks = b.forks()
	b.plan.InheritFDs = p.Process.InheritFDs
	b.shared()
	b.newNamespaces()
	b.prepareStreams()
	b.maps()
	b.mountAhead()
	b.dropGroups()
	b.leaveStage()
	b.descriptors()
	b.replaceStreams()
	b.joinAll()
	b.parentDeath("parent-death")
	b.namespaces()
	b.writeMaps()
	b.keyring()
	b.changeIDs()
	b.reentry()
	b.handed()
	b.keepProc()
	b.mounts()
	b.makeTerminal()
	b.loopback()
	b.hostname()
	b.unshareTime()
	b.late()
	b.reachUnix()
	b.reachBaits()
	b.requestKey()
	b.typeBefore()
	b.deathReading(b.policy.New(ns.PID) || !b.plan.Forks && !b.joins(ns.PID))
	b.capabilities()
	b.privileges()
	b.readKeyring()
	b.victim()
	b.filter()
	b.lead()
	b.fork()
	b.foreground()
	b.scope()
	b.readings()
	b.probes()
	b.sweepFamilies()
	b.doomAll()
	b.typeInto()
	b.connect()
	b.umask()
	b.limits()
	b.closeProc()
	b.enterPID()
	b.release()
	b.execute()
	return b.plan, nil
}

// add appends an op.
func (b *builder) add(o Op) {
	if o.Key == "" {
		o.Key = "-"
	}
	o.Args = append(b.room(len(o.Args)), o.Args...)
	b.plan.Ops = append(b.plan.Ops, o)
}

// room is an empty list of arguments with room for n.
func (b *builder) room(n int) []Arg {
	if cap(b.args)-len(b.args) < n {
		b.args = make([]Arg, 0, max(n, argRoom))
	}
	k := len(b.args)
	b.args = b.args[:k+n]
	return b.args[k : k : k+n]
}

// last is the op that was appended last.
func (b *builder) last() *Op { return &b.plan.Ops[len(b.plan.Ops)-1] }

// child appends an op of the child; parent one of netjail.
func (b *builder) child(o Op)  { o.Actor = Child; b.add(o) }
func (b *builder) parent(o Op) { o.Actor = Parent; b.add(o) }

// fd is a descriptor of the set-up as an argument.
func (b *builder) fd(d FD) Arg {
	names := [FDCount]string{"<gate>", "<status>", "<reaper>", "<hostnet>", "<stdin>", "<stdout>", "<stderr>", "<victim>", "<hostsocket>"}
	return named(names[d], uint64(b.host.FDBase+int(d)))
}

// gate is where the child waits for the parent: it says what it is waiting for
// and goes on when exactly the right answer has come.
func (b *builder) gate(name string, g Gate, why string) {
	b.child(Op{
		Name: name + ".ask", Call: "write", Args: []Arg{b.fd(FDGate), raw([]byte(g.Ask), strconv.Quote(g.Ask)), num(len(g.Ask))},
		Expect: equal(int64(len(g.Ask))), Why: why,
	})
	b.child(Op{
		Name: name + ".wait", Call: "read", Args: []Arg{b.fd(FDGate), out(), num(g.size())},
		Out: g.size(), Expect: equal(int64(g.size())),
		Why: "the answer comes when the parent has done its part; an end instead means that netjail is gone",
	})
	b.child(Op{
		Name: name + ".answer", Call: Word, Args: []Arg{outOf(name+".wait", 0)},
		Expect: equal(int64(binary.LittleEndian.Uint32([]byte(g.Answer)))), Why: "it is this gate's answer",
	})
}

// Gate is a point at which the child waits: what it sends, and what it must
// receive. Both are four bytes, but for GateLate's.
type Gate struct{ Ask, Answer string }

// size is how many bytes answer.
func (g Gate) size() int {
	if g == GateLate {
		return len(g.Answer) + 4
	}
	return len(g.Answer)
}

// The gates.
var (
	GateMaps    = Gate{"maps", "MAPS"} // the parent is to write the id maps
	GateRelease = Gate{"exec", "EXEC"} // the parent is to judge
	GateEnter   = Gate{"into", "INTO"} // the parent is to look, before the command's process is made in a pid namespace that is joined
)

package runner

import (
	"errors"
	"fmt"
	"io"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// readEarly reads, while the child sets itself up, what no longer changes: who
// owns the namespaces, and that netjail itself is where it was before the clone.
func (r *run) readEarly() {
	if r.onTerminal() {
		r.evidence.Session = evidence.ReadSession(r.host.PID)
	}
	if !r.roams() {
		r.readOwners()
	}
	if r.options.Full && r.plan.Index(plan.JoinOp) >= 0 {
		r.evidence.Keyring = evidence.ReadKeyring()
	}
	r.evidence.After = evidence.ReadSelf()
	r.callersMounts()
	if len(r.plan.Shared) > 0 && (r.plan.HasUnix || r.options.Full) {
		found := evidence.ReadShared(r.plan.Shared, r.plan.HasUnix, r.options.Full)
		r.evidence.Shared = &found
	}
}

// roams says whether the child may have power over netjail's namespaces, and so
// succeed in what it attempts: then it is in another one for a moment, and is looked
// at when it waits. So is one that makes itself unreadable for a while, because it has
// a helper in a joined pid namespace.
func (r *run) roams() bool {
	return !r.isNew(ns.User) && r.plan.Joined[ns.User] == 0 || r.enters()
}

// readOwners reads in which namespaces the process is that clone made, and who owns
// them.
func (r *run) readOwners() {
	var shared [ns.Count]bool
	for _, k := range ns.All() {
		shared[k] = !r.isNew(k) || k == ns.Time // the child makes that one by itself, and perhaps not yet
		if k == ns.User && r.plan.Joined[k] != 0 {
			shared[k] = false // its parent is what the command has no power over
		}
	}
	r.owners = evidence.ReadOwners(r.pid, shared)
}

// collect reads everything that is to be judged, while the child waits at its
// last gate.
func (r *run) collect() error {
	if r.isNew(ns.Time) {
		r.owners[ns.Time] = evidence.ReadNextTimeOwner(r.command)
	}
	sources := r.sources()
	r.evidence.Outside = r.outside(r.isNew(ns.Time), r.enters())
	r.evidence.Inside = evidence.FromReadings(r.program.readings(), r.options.Full)
	r.evidence.Environment = r.environment()
	if r.options.Full && r.plan.Index(plan.JoinOp) >= 0 {
		r.evidence.KeyringSeen = evidence.ReadKey(r.evidence.Inside.Keyring)
	}
	if r.options.Full {
		r.evidence.Crash = evidence.ReadCrash()
	}
	r.hostTree(sources)
	r.given()
	if r.options.Canary != nil {
		r.evidence.Listener = r.options.Canary.Result()
	}
	if r.options.Lures != nil {
		r.evidence.Unix = r.options.Lures.Result(r.pid) // the process that made the attempts
		if err := r.options.Lures.Close(); err != nil { // the command may run for long
			return err
		}
	}
	if err := r.tellReached(); err != nil {
		return err
	}
	if r.options.Baits != nil {
		r.evidence.Baits = r.options.Baits.Result(r.pid)
		if err := r.options.Baits.Close(); err != nil {
			return err
		}
	}
	if r.plan.Forks {
		return r.admitReaper()
	}
	return nil
}

// outside reads the command's process from here. The network's outside view only
// confirms what the process itself was told by the kernel: it is dear, and left
// to the full audit. nextTime tells that it enters its time namespace with the
// execve that it has yet to make, and nextPID that another process enters its pid
// namespace.
func (r *run) outside(nextTime, nextPID bool) evidence.Process {
	p := evidence.ReadProcess(r.command, evidence.Options{
		IDMaps: true, Namespaces: true, NextTime: nextTime, NextPID: nextPID, Clocks: r.plan.Joined[ns.Time] != 0, FDs: true, Session: r.onTerminal(), Limits: len(r.plan.Limits) > 0 || r.options.Full, Mounts: r.isNew(ns.Mount), Files: r.lookAt(), Network: r.options.Full, Capget: r.options.Capget,
	})
	evidence.ReadKept(&p, r.pidfd, r.plan.InheritFDs)
	for _, k := range ns.All() {
		p.Owners[k] = r.ownerOf(k, p.Namespaces[k])
	}
	return p
}

// environment is what the last step of the child's passes on.
func (r *run) environment() evidence.Fact[[]string] {
	const source = "the argument of execve(2)"
	i := r.plan.Index(plan.ExecOp)
	if i < 0 || r.plan.Ops[i].Call != "execve" {
		return evidence.Unknown[[]string](source, "the plan executes nothing")
	}
	list, err := r.program.Vector(r.program.Step(r.program.step[i]).Args[2])
	if err != nil {
		return evidence.Unknown[[]string](source, err.Error())
	}
	return evidence.Known(list, source)
}

// ownerOf is the owner that was read early, if the namespace is still the same.
func (r *run) ownerOf(k ns.Kind, now evidence.Fact[evidence.NamespaceID]) evidence.Fact[evidence.NamespaceID] {
	then := r.owners[k]
	if then.Of.Known && now.Known && then.Of.Value != now.Value {
		return evidence.Unknown[evidence.NamespaceID](then.Owner.Source, "the process has changed its "+k.String()+" namespace since")
	}
	return then.Owner
}

// isNew says whether the plan makes a namespace of this kind.
func (r *run) isNew(k ns.Kind) bool { return r.plan.New[k] }

// meetReaper waits until pid 1 runs its own program, looks at it while that is
// still allowed, and lets it go on, which it does while the command is read. It
// comes after the command's last gate, by when pid 1 is ready: while both set
// themselves up, netjail would only be in the way.
func (r *run) meetReaper() error {
	if err := r.hear(sys.ReaperReady, nil); err != nil {
		return err
	}
	if i := r.plan.Index("pid1.audit"); i >= 0 && r.plan.Ops[i].Call == plan.DeedAuditReaper {
		reaper := evidence.ReadProcess(r.pid, evidence.Options{FDs: true})
		for _, k := range ns.All() {
			reaper.Namespaces[k] = r.owners[k].Of // it is the process that clone made
			if !r.isNew(k) || k == ns.Time {      // pid 1 has entered that one with its own execve
				reaper.Namespaces[k] = evidence.ReadNamespace(r.pid, k)
			}
		}
		r.evidence.Reaper = &reaper
	}
	if err := r.status.Send([]byte{sys.ReaperReady}); err != nil {
		return r.lost(err)
	}
	return nil
}

// admitReaper waits until pid 1 is no longer dumpable.
func (r *run) admitReaper() error {
	var dumpable byte
	if err := r.hear(sys.ReaperDone, &dumpable); err != nil || r.evidence.Reaper == nil {
		return err
	}
	r.evidence.Reaper.Dumpable = r.reaperDumpable(dumpable)
	return nil
}

// reaperDumpable is what the owner of its files tells; for a process that is
// some namespace's root that tells nothing, and its own word has to do: it runs
// netjail's program and no other.
func (r *run) reaperDumpable(own byte) evidence.Fact[bool] {
	seen := evidence.ReadDumpable(r.evidence.Reaper, &r.evidence.Outside)
	if seen.Known {
		return seen
	}
	return evidence.Known(own != 0, "PR_GET_DUMPABLE by pid 1")
}

// hear waits for a message of the reaper's: a letter and, where more is not nil,
// one byte more.
func (r *run) hear(letter byte, more *byte) error {
	want := 1
	if more != nil {
		want = 2
	}
	var b [8]byte
	n, pid, err := r.status.Receive(b[:])
	switch {
	case errors.Is(err, io.EOF):
		return r.childFailed()
	case err != nil:
		return r.lost(err)
	case n != want || b[0] != letter || pid != r.pid:
		return &SetupError{fmt.Sprintf("process %d said %q where pid 1 (process %d) was to say %q", pid, b[:n], r.pid, letter)}
	}
	if more != nil {
		*more = b[1]
	}
	return nil
}

// onTerminal says whether the session is worth a look: where one of 0 to 2 is a
// terminal, and in a full audit.
func (r *run) onTerminal() bool {
	for i := range r.host.Streams {
		if r.host.Streams[i].Kind == plan.StreamTerminal {
			return true
		}
	}
	return r.options.Full
}

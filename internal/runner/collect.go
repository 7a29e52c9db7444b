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

// collect reads everything that is to be judged, while the child waits at its
// last gate.
func (r *run) collect() {
	r.evidence.Inside = evidence.FromReadings(r.program.readings(), r.options.Full)
	r.evidence.Outside = r.outside()
	if r.options.Canary != nil {
		r.evidence.Listener = r.options.Canary.Result()
	}
	r.evidence.After = evidence.ReadSelf()
}

// outside reads the command's process from here. The network's outside view only
// confirms what the process itself was told by the kernel: it is dear, and left
// to the full audit.
func (r *run) outside() evidence.Process {
	o := evidence.Options{
		IDMaps: true, Namespaces: true, Owners: true, FDs: true, Mounts: r.isNew(ns.Mount),
		Network: r.options.Full, Capget: r.options.Full,
	}
	for _, k := range ns.All() {
		o.SkipOwner[k] = !r.isNew(k)
	}
	return evidence.ReadProcess(r.command, o)
}

// isNew says whether the plan makes a namespace of this kind.
func (r *run) isNew(k ns.Kind) bool { return r.plan.Flags&k.CloneFlag() != 0 }

// admitReaper waits until pid 1 runs its own program, looks at it while that is
// still allowed, and lets it stop being dumpable.
func (r *run) admitReaper() error {
	i := r.plan.Index("pid1.audit")
	if _, err := r.hear(sys.ReaperReady, 1); err != nil {
		return err
	}
	if i >= 0 && r.plan.Ops[i].Call == plan.DeedAuditReaper {
		reaper := evidence.ReadProcess(r.pid, evidence.Options{Namespaces: true, FDs: true})
		r.evidence.Reaper = &reaper
	}
	if err := r.status.Send([]byte{sys.ReaperReady}); err != nil {
		return r.lost(err)
	}
	done, err := r.hear(sys.ReaperDone, 2)
	if err != nil || r.evidence.Reaper == nil {
		return err
	}
	r.evidence.Reaper.Dumpable = r.reaperDumpable(done[1])
	return nil
}

// reaperDumpable is what the owner of its files tells; for a process that is
// some namespace's root that tells nothing, and its own word has to do: it runs
// netjail's program and no other.
func (r *run) reaperDumpable(own byte) evidence.Fact[bool] {
	seen := evidence.ReadProcess(r.pid, evidence.Options{IDMaps: true}).Dumpable
	if seen.Known {
		return seen
	}
	return evidence.Known(own != 0, "PR_GET_DUMPABLE by pid 1")
}

// hear waits for a message of n bytes from the reaper that begins with letter.
func (r *run) hear(letter byte, n int) ([]byte, error) {
	b := make([]byte, 8)
	got, pid, err := r.status.Receive(b)
	switch {
	case errors.Is(err, io.EOF):
		return nil, r.childFailed()
	case err != nil:
		return nil, r.lost(err)
	case got != n || b[0] != letter || pid != r.pid:
		return nil, &SetupError{fmt.Sprintf("process %d said %q where pid 1 (process %d) was to say %q", pid, b[:got], r.pid, letter)}
	}
	return b[:n], nil
}

package runner

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// callersMounts reads netjail's own mount table where the layout did not need it
// and the audit does: what stays of it is compared with what the command has.
// While the child sets itself up that costs no time.
func (r *run) callersMounts() {
	if t := r.host.Tree; r.isNew(ns.Mount) && t != nil && t.InPlace && len(t.Mounts) == 0 {
		r.evidence.After.Mounts = evidence.ReadOwnMounts()
	}
}

// hostTree reads for the full audit netjail's own mount table, which is compared
// with the one before the start, and once more the directories that the command
// sees through overlays: before tells which of them somebody changes meanwhile.
func (r *run) hostTree(before evidence.Fact[[]evidence.File]) {
	if r.options.Full {
		r.evidence.After.Mounts = evidence.ReadOwnMounts()
		r.evidence.Sources = evidence.Settled(before, r.sources())
	}
}

// sources are the directories that the command sees through overlays, as netjail
// finds them, for the full audit.
func (r *run) sources() (files evidence.Fact[[]evidence.File]) {
	if r.options.Full {
		files = evidence.ReadOwnFiles(r.host.Overlaid())
	}
	return files
}

// given looks at what root's command was given to write.
func (r *run) given() {
	entries := r.host.Given()
	if len(entries) == 0 {
		return
	}
	list := make([]evidence.GivenPath, len(entries))
	for i, e := range entries {
		list[i] = evidence.GivenPath{Path: e.Target, Source: e.Source}
	}
	found := evidence.ReadGiven(r.command, list, evidence.Ownership{UID: r.plan.OutsideUID, GID: r.plan.OutsideGID}, r.options.Full)
	r.evidence.Given = &found
}

// lookAt are the paths in the command's tree that the full audit looks at.
func (r *run) lookAt() []string {
	if !r.options.Full || !r.isNew(ns.Mount) {
		return nil
	}
	return r.host.LookAt()
}

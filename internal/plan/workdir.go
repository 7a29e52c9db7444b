package plan

import "github.com/netjail/netjail/internal/ns"

// WorkdirOp is the name of the op by which the child comes to the working directory in
// a mount namespace that is joined.
const WorkdirOp = "join.workdir"

// joinedWorkdir goes to the directory of the caller's name in the joined mount
// namespace, with no more privilege than the command has: setns(2) has made the root of
// that namespace the working directory.
func (b *builder) joinedWorkdir() {
	if !b.joins(ns.Mount) {
		return
	}
	b.child(Op{
		Name: WorkdirOp, Call: "chdir", Key: "namespaces.mount", Args: []Arg{str(b.host.Tree.Workdir)},
		Why: "the command starts in the directory that is called as the caller's is",
	})
}

package policy

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/ns"
)

// checkPID: a new pid namespace needs a fresh /proc, and that needs a mount
// namespace.
func checkPID(r *reader) {
	if !r.policy.New(ns.PID) || r.policy.New(ns.Mount) {
		return
	}
	mount := r.doc.find("namespaces.mount") // written, as the default is new
	d := r.report(diag.PIDWithoutMount, "namespaces.mount", mount.Value.Span,
		"a new pid namespace needs a new mount namespace: a fresh /proc has to be mounted",
		"write `mount: new`, or `pid: host`")
	if pid := r.doc.find("namespaces.pid"); pid != nil {
		d.Notes = []diag.Note{r.see(pid.Value, "the pid namespace is new because of this")}
	} else {
		d.Notes = []diag.Note{{Message: "namespaces.pid is not written, and its default is new"}}
	}
}

package plan

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// mounts makes the mount namespace the jail's own: nothing mounted outside
// later appears inside or the other way round, and the command sees the files
// that the layout gives it.
func (b *builder) mounts() {
	if !b.policy.New(ns.Mount) {
		return
	}
	b.child(Op{
		Name: "mount.private", Call: "mount", Key: "filesystem.root", Needs: adminInside,
		Args: []Arg{null, str("/"), null, flags(msRec, msPrivate), null}, Why: "no mount event crosses",
	})
	if b.policy.Namespaces[ns.PID] != policy.NamespaceHost && !b.laysProc() {
		why := "a /proc of the new pid namespace: it shows only the jail's processes"
		if b.joins(ns.PID) {
			why = "a /proc of the pid namespace that is joined"
		}
		b.mountProc(Op{
			Name: "mount.proc", Call: "mount", Key: "namespaces.pid", Needs: adminInside, Actor: Child,
			Args: []Arg{str("proc"), str("/proc"), str("proc"), flags(msNosuid, msNodev, msNoexec), null},
			Why:  why,
		})
	}
	b.tree()
}

// adminInside is the privilege that mounts take.
const adminInside = "CAP_SYS_ADMIN inside"

// hostname names the machine inside.
func (b *builder) hostname() {
	name := b.policy.Process.Hostname
	if name == "" {
		return
	}
	b.child(Op{
		Name: "hostname", Call: "sethostname", Key: "process.hostname", Needs: "CAP_SYS_ADMIN inside",
		Args: []Arg{str(name), num(len(name))}, Why: "the profile names it",
	})
}

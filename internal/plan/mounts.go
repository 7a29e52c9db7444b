package plan

import "github.com/netjail/netjail/internal/ns"

// Constants of mount(2).
var (
	msNosuid  = named("MS_NOSUID", 2)
	msNodev   = named("MS_NODEV", 4)
	msNoexec  = named("MS_NOEXEC", 8)
	msRec     = named("MS_REC", 0x4000)
	msPrivate = named("MS_PRIVATE", 1<<18)
)

// mounts makes the mount namespace the jail's own: nothing mounted outside
// later appears inside or the other way round, and /proc shows the new pid
// namespace, since with the old one pids would mean other processes.
func (b *builder) mounts() {
	if !b.policy.New(ns.Mount) {
		return
	}
	b.child(Op{
		Name: "mount.private", Call: "mount", Key: "filesystem.root", Needs: "CAP_SYS_ADMIN inside",
		Args: []Arg{null, str("/"), null, flags(msRec, msPrivate), null}, Why: "no mount event crosses",
	})
	if !b.policy.New(ns.PID) {
		return
	}
	b.child(Op{
		Name: "mount.proc", Call: "mount", Key: "namespaces.pid", Needs: "CAP_SYS_ADMIN inside",
		Args: []Arg{str("proc"), str("/proc"), str("proc"), flags(msNosuid, msNodev, msNoexec), null},
		Why:  "a /proc of the new pid namespace: it shows only the jail's processes",
	})
}

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

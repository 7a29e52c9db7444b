package plan

import (
	"strconv"

	"github.com/hashicorp/go-multierror"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Refusal is a key that this host cannot enforce.
type Refusal struct {
	Key   string // the key, e.g. "uidMappings"
	Cause string // what stands against it
	Help  string // what to do
}

// Error is the refusal in one line.
func (r *Refusal) Error() string { return r.Key + ": " + r.Cause }

// refusals collects everything at once.
type refusals struct{ errs *multierror.Error }

func (r *refusals) add(key, cause, help string) {
	r.errs = multierror.Append(r.errs, &Refusal{key, cause, help})
}

// refuse says what of the policy this host cannot enforce.
func (b *builder) refuse() error {
	var r refusals
	b.refuseTree(&r)
	b.refuseNamespaces(&r)
	b.refuseHostUser(&r)
	b.refuseMaps(&r)
	b.refuseCapabilities(&r)
	if b.policy.Filtered() && b.policy.NewPrivileges {
		r.add("noNewPrivileges", "a system call filter needs no_new_privs (seccomp(2))", "write `noNewPrivileges: true`")
	}
	b.refuseStreams(&r)
	b.refuseLimits(&r)
	for _, n := range b.policy.Process.InheritFDs {
		for _, closed := range b.host.ClosedFDs {
			if n == closed {
				r.add("process.inheritFds", "descriptor "+strconv.Itoa(n)+" is not open", "open it for netjail (for example with `"+strconv.Itoa(n)+"</dev/null`), or take it out of the list")
			}
		}
	}
	return r.errs.ErrorOrNil()
}

func (b *builder) refuseNamespaces(r *refusals) {
	b.refuseJoins(r)
	if b.policy.Process.Hostname != "" && !b.policy.New(ns.UTS) {
		r.add("process.hostname", "the UTS namespace is not the command's own: the name would be everybody's in it", "write `uts: new`")
	}
	if b.policy.New(ns.Time) && b.host.TimeWhy != "" {
		r.add("namespaces.time", b.host.TimeWhy, "write `time: host`")
	}
	if b.policy.New(ns.PID) && !b.policy.New(ns.Mount) {
		r.add("namespaces.pid", "a new pid namespace needs a fresh /proc, and that a new mount namespace", "write `mount: new`")
	}
}

// refuseHostUser: without a user namespace of its own the jail is only as strong
// as the caller is weak.
func (b *builder) refuseHostUser(r *refusals) {
	if b.policy.New(ns.User) || b.joins(ns.User) {
		return
	}
	if b.host.UID == 0 && !b.policy.AcceptsHostRoot {
		r.add("namespaces.user", "root without a new user namespace is the host's root: files, /proc/sys and namespaces stay open to it",
			"write `user: new`, or `acceptsHostRoot: true` to run anyway and have the audit say that it does not hold")
	}
	if b.host.Caps.Has(caps.SysAdmin) {
		return
	}
	for _, k := range ns.All() {
		if b.policy.New(k) {
			r.add("namespaces."+k.String(), "a new "+k.String()+" namespace without a new user namespace takes CAP_SYS_ADMIN, which netjail does not have", "write `user: new`")
		}
	}
}

func (b *builder) refuseCapabilities(r *refusals) {
	if b.policy.Capabilities.Host {
		return
	}
	if !b.policy.New(ns.User) && !b.joins(ns.User) && !b.host.Caps.Has(caps.Setpcap) {
		r.add("capabilities", "without a new user namespace the bounding set cannot be changed: that takes CAP_SETPCAP, which netjail does not have",
			"write `capabilities: host` or `user: new`")
	}
	if more := b.everyCapability().Without(caps.Full(b.host.LastCap)); !more.IsEmpty() {
		r.add("capabilities", "this kernel does not know "+more.String(), "take it out of the list")
	}
}

// everyCapability is what the command may ever have.
func (b *builder) everyCapability() caps.Set {
	if b.policy.Capabilities.Host {
		return caps.Full(b.host.LastCap)
	}
	s := b.policy.Capabilities.Sets
	return s.Bounding.Union(s.Inheritable).Union(s.Permitted).Union(s.Effective).Union(s.Ambient)
}

func (b *builder) refuseMaps(r *refusals) {
	if !b.policy.New(ns.User) {
		return
	}
	b.refuseMap(r, "uidMappings", b.policy.UIDMappings, b.host.SubUIDs, b.host.UIDMapper, b.host.UID)
	b.refuseMap(r, "gidMappings", b.policy.GIDMappings, b.host.SubGIDs, b.host.GIDMapper, b.host.GID)
	if b.host.UID == 0 {
		b.refuseRootsMap(r)
		return
	}
	if b.policy.Setgroups == policy.SetgroupsAllow && !b.subordinate(b.policy.GIDMappings) {
		r.add("setgroups", "an ordinary user's gid_map is refused by the kernel unless setgroups is denied first (user_namespaces(7))",
			"write `setgroups: deny`, or `gidMappings: subordinate`, which newgidmap writes")
	}
}

// refuseRootsMap: root of a container or of a jail is called root, and may lack
// what it takes to make a jail with other ids, and to look at it.
func (b *builder) refuseRootsMap(r *refusals) {
	if b.host.RootRange.Size == 0 {
		r.add("uidMappings", "there is no range of ids for root's jail: "+b.host.RootRangeWhy,
			"run netjail as an ordinary user; within a sandbox of root's, start that one as an ordinary user")
		return
	}
	if !b.host.Caps.Has(caps.SysPtrace) && b.policy.Audit.Mode == policy.AuditEnforce {
		r.add("uidMappings", "root's jail has other ids than root, and netjail may not look at it: it lacks CAP_SYS_PTRACE, as root of a container does",
			"run netjail as an ordinary user in there, or give the container that capability (Docker: --cap-add SYS_PTRACE)")
	}
}

// refuseMap looks at one of the two maps. Root may write any.
func (b *builder) refuseMap(r *refusals, key string, m policy.Mappings, s Subordinate, by Mapper, self uint32) {
	switch {
	case b.subordinate(m):
		b.refuseSubordinate(r, key, s, by, self)
	case b.host.UID != 0:
		b.refuseOwnMap(r, key, m, self)
	}
}

// refuseOwnMap: an ordinary user may map his own id, one line, and no other.
func (b *builder) refuseOwnMap(r *refusals, key string, m policy.Mappings, self uint32) {
	if m.Kind == policy.MappingCaller {
		return
	}
	if len(m.List) == 1 && m.List[0].Size == 1 && (m.List[0].HostCaller || m.List[0].HostID == self) {
		return
	}
	r.add(key, "an ordinary user may map only his own id, "+strconv.Itoa(int(self))+", in one line of size 1 (user_namespaces(7))",
		"write `"+key+": caller`, `[{containerID: 0, hostID: caller, size: 1}]`, or `subordinate` for a range")
}

package plan

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// byParent says whether the parent writes the maps. An ordinary user's one line
// can be written by the child itself, which spares it a wait for the parent; a
// range takes privilege outside. Without a new user namespace there are no maps,
// but whoever may do without one has power over the host's namespaces, and the
// parent looks before anything irreversible is done.
func (b *builder) byParent() bool {
	return b.host.UID == 0 || !b.policy.New(ns.User) || b.subordinate(b.policy.UIDMappings) || b.subordinate(b.policy.GIDMappings)
}

// namespaces lets the parent look at the new process before anything
// irreversible is done: a kernel or a filter that claims to have made
// namespaces and has not must be found out before "bring lo up" means the
// host's. An ordinary user's process has no power over those: for it the audit's
// look is early enough.
func (b *builder) namespaces() {
	if !b.byParent() {
		return
	}
	b.gate("maps", GateMaps, "the parent looks at the namespaces and writes the id maps, for which the child has no privilege outside")
	b.parent(Op{
		Name: "namespaces.compare", Call: DeedCompareNamespaces, Key: "namespaces",
		Args: b.modes(), Why: "a kernel or filter that only claimed to make them is found out before the first irreversible step",
	})
}

// modes lists each kind with its mode, for print.
func (b *builder) modes() []Arg {
	args := make([]Arg, 0, ns.Count)
	for _, k := range ns.All() {
		args = append(args, Arg{Value: uint64(k), Name: k.String() + ": " + b.mode(k)})
	}
	return args
}

// maps resolves the maps, and says what the command runs as.
func (b *builder) maps() {
	if !b.policy.New(ns.User) {
		b.plan.UID, b.plan.GID = b.host.UID, b.host.GID
		b.plan.OutsideUID, b.plan.OutsideGID = b.host.UID, b.host.GID
		return
	}
	b.plan.UIDMap = b.lines(b.policy.UIDMappings, b.host.UID, b.host.SubUIDs.Ranges)
	b.plan.GIDMap = b.lines(b.policy.GIDMappings, b.host.GID, b.host.SubGIDs.Ranges)
	b.plan.UID = b.inside(b.plan.UIDMap, b.host.UID)
	b.plan.GID = b.inside(b.plan.GIDMap, b.host.GID)
	b.plan.OutsideUID = outside(b.plan.UIDMap, b.plan.UID)
	b.plan.OutsideGID = outside(b.plan.GIDMap, b.plan.GID)
}

// outside is what an id is outside of a user namespace with this map.
func outside(lines []MapLine, inside uint32) uint32 {
	for _, l := range lines {
		if inside-l.Inside < l.Size {
			return l.Outside + inside - l.Inside
		}
	}
	return inside
}

// writeMaps writes the maps.
func (b *builder) writeMaps() {
	if !b.policy.New(ns.User) {
		return
	}
	if b.policy.Setgroups == policy.SetgroupsDeny {
		b.writeFile("maps.setgroups", "setgroups", "deny", "setgroups", "user_namespaces(7): an unprivileged gid_map needs it first")
	}
	b.writeMap("gid", b.policy.GIDMappings, b.host.GIDMapper, b.plan.GIDMap, "which group ids exist inside, and what they are outside")
	b.writeMap("uid", b.policy.UIDMappings, b.host.UIDMapper, b.plan.UIDMap, "which user ids exist inside, and what they are outside")
}

// leavesRoot says whether netjail runs as root and the command in another user
// namespace. Its ids are then 0 as well, but of that namespace.
func (b *builder) leavesRoot() bool {
	return b.host.UID == 0 && (b.policy.New(ns.User) || b.joins(ns.User))
}

// dropGroups empties netjail's supplementary groups around the clone: root's
// would still grant access inside, and there `setgroups: deny` forbids the child
// to leave them itself.
func (b *builder) dropGroups() {
	if !b.leavesRoot() {
		return
	}
	b.plan.DropsGroups = true
	b.parent(Op{
		Name: "ids.groups", Call: DeedDropGroups, Key: "gidMappings", Needs: "CAP_SETGID",
		Why: "none of root's groups may still grant access inside; netjail takes its own back after the clone",
	})
}

// changeIDs leaves root's ids, which no map holds, for the mapped ones.
func (b *builder) changeIDs() {
	if !b.leavesRoot() {
		return
	}
	gid, uid := num(int(b.plan.GID)), num(int(b.plan.UID))
	b.child(Op{
		Name: "ids.gid", Call: "setresgid", Key: "gidMappings", Args: []Arg{gid, gid, gid},
		Needs: "CAP_SETGID inside", Why: "leave root's group for the mapped one",
	})
	b.child(Op{
		Name: "ids.uid", Call: "setresuid", Key: "uidMappings", Args: []Arg{uid, uid, uid},
		Needs: "CAP_SETUID inside", Why: "leave root's id for the mapped one",
	})
	b.parentDeath("parent-death.again")
}

// writeFile writes a file below /proc of the child, by whoever may.
func (b *builder) writeFile(name, file, text, key, why string) {
	if b.byParent() {
		b.parent(Op{
			Name: name, Call: DeedWriteFile, Key: key, Why: why,
			Args: []Arg{str("/proc/<child>/" + file), raw([]byte(text), strconv.Quote(text))},
		})
		return
	}
	open := name + ".open"
	dir, path := b.inProc("self/" + file)
	b.child(Op{
		Name: open, Call: "openat", Key: key, Why: why,
		Args: []Arg{dir, path, flags(named("O_WRONLY", 1), named("O_CLOEXEC", 0o2000000))},
	})
	b.child(Op{
		Name: name, Call: "write", Key: key, Why: why, Expect: equal(int64(len(text))),
		Args: []Arg{result(open), raw([]byte(text), strconv.Quote(text)), num(len(text))},
	})
	b.child(Op{
		Name: name + ".close", Call: "close", Key: key, Why: "nothing stays open", Args: []Arg{result(open)},
	})
}

// lines resolves a map. Root's `caller` is a range of ids that nobody else has:
// 0 mapped to 0 would be the host's root wherever files decide.
func (b *builder) lines(m policy.Mappings, self uint32, ranges []Range) []MapLine {
	if b.subordinate(m) {
		return b.subordinateLines(ranges, self)
	}
	if b.host.UID == 0 {
		self = b.host.RootRange.First
	}
	if m.Kind == policy.MappingCaller {
		if b.host.UID == 0 {
			return []MapLine{{0, self, b.host.RootRange.Size}}
		}
		return []MapLine{{self, self, 1}}
	}
	lines := make([]MapLine, 0, len(m.List))
	for _, e := range m.List {
		outside := e.HostID
		if e.HostCaller {
			outside = self
		}
		lines = append(lines, MapLine{e.ContainerID, outside, e.Size})
	}
	return lines
}

// inside is the id that the command runs as: for an ordinary user what his own
// id is inside; for root 0 where the map holds it, else the map's first.
func (b *builder) inside(lines []MapLine, self uint32) uint32 {
	first := lines[0].Inside
	for _, l := range lines {
		if b.host.UID != 0 && self-l.Outside < l.Size {
			return l.Inside + self - l.Outside
		}
		if l.Inside == 0 {
			first = 0
		}
	}
	return first
}

// mapText is the content of uid_map or gid_map.
func mapText(lines []MapLine) string {
	var s strings.Builder
	for _, l := range lines {
		s.WriteString(strconv.Itoa(int(l.Inside)) + " " + strconv.Itoa(int(l.Outside)) + " " + strconv.Itoa(int(l.Size)) + "\n")
	}
	return s.String()
}

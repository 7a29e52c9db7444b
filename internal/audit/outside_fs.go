package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// sharedMounts is the finding about files of a thread whose mount namespace is
// netjail's own, or not known.
func (v *view) sharedMounts(f Finding, ok bool) Finding {
	if !ok {
		return f
	}
	return f.open("its files are those of the host")
}

// seenMounts are the thread's mounts that are not covered whole by others.
func (v *view) seenMounts() []*evidence.Mount {
	lines := v.kind.Mounts.Value
	table := make([]tree.MountPoint, len(lines))
	for i := range lines {
		table[i] = tree.MountPoint{ID: lines[i].ID, Parent: lines[i].Parent, Point: lines[i].Point}
	}
	f := forestOf(table)
	var seen []*evidence.Mount
	for i := range lines {
		if f.top(lines[i].Point) == i {
			seen = append(seen, &lines[i])
		}
	}
	return seen
}

// mounts begins a finding about the mount table. It is false where f already is
// the answer.
func (v *view) mounts() (seen []*evidence.Mount, f Finding, ok bool) {
	if f, same, ok := v.shares(ns.Mount); !ok || same {
		return nil, v.sharedMounts(f, ok), false
	}
	f = fromOutside(v.kind.Mounts.Source)
	if why := cmp.Or(missing(v.kind.Mounts), missing(v.target.Own.Mounts)); why != "" {
		return nil, f.unknown(why), false
	}
	return v.seenMounts(), f, true
}

// hostFiles says whether a mount shows files of a file system that netjail has
// too. A device node, a terminal's file system and those of the kernel hold none.
func (v *view) hostFiles(m *evidence.Mount) bool {
	switch m.Type {
	case "proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "nsfs", "securityfs", "debugfs", "tracefs", "bpf":
		return false
	case "devtmpfs", "tmpfs":
		if isHarmless(m.Point) {
			return false
		}
	}
	return v.hostDevice(m.Device)
}

func (v *view) hostDevice(device string) bool { return hasDevice(v.target.Own.Mounts.Value, device) }

// lookMounts is a channel that some mounts are.
func lookMounts(what string, is func(*view, *evidence.Mount) bool) func(*view) Finding {
	return func(v *view) Finding {
		seen, f, ok := v.mounts()
		if !ok {
			return f
		}
		var bad []string
		for _, m := range seen {
			if is(v, m) {
				bad = append(bad, m.Point+" ("+m.Type+")")
			}
		}
		if len(bad) > 0 {
			f.Found = several(bad)
			return f.open(what)
		}
		f.Found = "none among " + count(len(seen), "mount")
		return f.closed("")
	}
}

func isWritable(v *view, m *evidence.Mount) bool { return v.hostFiles(m) && m.Writable() }

// isDirect says whether the host's files are seen there and not through an overlay
// of the process's own, which is another file system.
func isDirect(v *view, m *evidence.Mount) bool { return v.hostFiles(m) }

// isRemote leaves out the types that have checks of their own.
func isRemote(_ *view, m *evidence.Mount) bool {
	switch m.Type {
	case "proc", "sysfs", "cgroup", "cgroup2", "devtmpfs", "devpts", "mqueue":
		return false
	}
	_, remote := tree.Covers(m.Type)
	return remote
}

func isSysfs(_ *view, m *evidence.Mount) bool { return m.Type == "sysfs" }

func isCgroup(_ *view, m *evidence.Mount) bool { return m.Type == "cgroup" || m.Type == "cgroup2" }

// isShared says whether what it mounts appears elsewhere. A namespace of its own
// whose mounts are peers of each other alone cannot be told from one with peers on
// the host.
func isShared(_ *view, m *evidence.Mount) bool { return m.Shared }

// hasDevices says whether device nodes work there that others have made, or that
// the thread can make.
func hasDevices(v *view, m *evidence.Mount) bool {
	switch {
	case m.Flags.Has(evidence.MountNodev), m.Type == "devpts", isHarmless(m.Point) && m.Root != "/":
		return false
	case v.hostDevice(m.Device):
		return m.Type != "proc" && m.Type != "mqueue"
	}
	return v.rules(caps.Mknod)
}

// judgeMountsOutside compares with the paths that the profile shares. Those that
// are relative to the caller are not known; callers says whether they could explain
// such a mount.
func judgeMountsOutside(what string, is func(*view, *evidence.Mount) bool, callers bool) func(*view) Finding {
	return func(v *view) Finding {
		seen, f, ok := v.mounts()
		files := &v.policy.Filesystem
		switch {
		case f.Verdict == Open && files.Root == policy.RootHost && !v.policy.New(ns.Mount):
			return f.declared("namespaces.mount is host: " + f.Note)
		case f.Verdict == Open:
			return f.fail(f.Note)
		case !ok:
			return f
		case files.Root == policy.RootJoined:
			f.Expected, f.Found = "any", "not the host's mount namespace"
			return f.declared("namespaces.mount is joined: no key says what is there")
		}
		var points, undeclared []string
		for _, m := range seen {
			if is(v, m) {
				points = append(points, m.Point)
				if !v.declares(m.Point) {
					undeclared = append(undeclared, m.Point)
				}
			}
		}
		f.Expected, f.Found = list(files.Writable), several(points)
		switch {
		case files.Root == policy.RootHost:
			return f.declared("filesystem.root is host: " + what)
		case len(points) == 0:
			f.Found = "none among " + count(len(seen), "mount")
			return f.pass()
		case len(undeclared) == 0:
			return f.declared("filesystem.writable and filesystem.mounts name them: " + what)
		case callers && v.ofCaller() && !slices.ContainsFunc(undeclared, ofSystem):
			f.Found = several(undeclared)
			return f.unobservable("cannot be known from outside: which paths of the caller's the profile's words stood for")
		}
		f.Found = several(undeclared)
		return f.fail(what + ", and no key names it")
	}
}

// declares says whether the profile names an absolute path at or above a mount.
func (v *view) declares(point string) bool {
	files := &v.policy.Filesystem
	above := func(dir string) bool { return strings.HasPrefix(dir, "/") && covers(dir, point) }
	return slices.ContainsFunc(files.Writable, above) || slices.ContainsFunc(v.policy.Sockets.UnixAllowed, above) ||
		slices.ContainsFunc(files.Mounts, func(m policy.Mount) bool { return m.Type == "bind" && above(m.Destination) })
}

// ofCaller says whether the profile shares paths that depend on who started it and
// where, or the command's own file.
func (v *view) ofCaller() bool {
	files := &v.policy.Filesystem
	relative := func(p string) bool { return !strings.HasPrefix(p, "/") }
	return files.Home != policy.HomeHidden || slices.ContainsFunc(files.Writable, relative) ||
		slices.ContainsFunc(files.Mounts, func(m policy.Mount) bool { return relative(m.Destination) })
}

// ofSystem says whether no caller works at a path.
func ofSystem(point string) bool {
	switch point {
	case "/", "/usr", "/var", "/run", "/tmp", "/home", "/opt", "/srv", "/mnt":
		return true
	}
	for _, dir := range [...]string{"/etc", "/boot", "/dev", "/sys", "/bin", "/sbin", "/lib", "/lib64", "/usr/bin", "/usr/lib"} {
		if covers(dir, point) {
			return true
		}
	}
	return false
}

// lookShm says whose POSIX shared memory is.
func lookShm(v *view) Finding {
	seen, f, ok := v.mounts()
	if !ok {
		return f
	}
	top := topOf(seen, "/dev/shm")
	f.Found = "none"
	if top == nil {
		return f.closed("")
	}
	f.Found = top.Type + " " + top.Device + " at " + top.Point
	if v.hostDevice(top.Device) && top.Writable() {
		return f.open("it is the host's")
	}
	return f.closed("")
}

// topOf is the deepest of the mounts that a path lies on.
func topOf(seen []*evidence.Mount, path string) *evidence.Mount {
	var top *evidence.Mount
	for _, m := range seen {
		if covers(m.Point, path) && (top == nil || len(m.Point) > len(top.Point)) {
			top = m
		}
	}
	return top
}

// lookSettings says whether the kernel's settings can be written: what guards them
// beside the mount is whom they belong to.
func lookSettings(v *view) Finding {
	root := lookHostRoot(v)
	if root.Verdict == Unknown {
		return root
	}
	seen, f, ok := v.mounts()
	if !ok && f.Verdict == Unknown {
		return f
	}
	if ok {
		top := topOf(seen, settings)
		if top == nil || top.Type != "proc" || !top.Writable() {
			f.Found = "not there, or read-only"
			return f.closed("")
		}
	}
	f.Found = "writable, " + root.Found
	if root.Verdict == Open {
		return f.open("they belong to the host's root, whatever the capabilities")
	}
	return f.closed("they belong to the host's root, which it is not")
}

// lookSetuid says whether a set-user-ID program could raise it.
func lookSetuid(v *view) Finding {
	nnp := lookNoNewPrivs(v)
	if nnp.Verdict != Open {
		return nnp
	}
	f := lookMounts("a set-user-ID program there keeps its mode's meaning", func(_ *view, m *evidence.Mount) bool {
		return !m.Flags.Has(evidence.MountNosuid) && m.Type != "proc" && m.Type != "devpts" && m.Type != "sysfs"
	})(v)
	if user, same, ok := v.shares(ns.User); f.Verdict == Open && !same {
		if !ok {
			return user
		}
		// Of a file system that its user namespace does not own, a set-user-ID bit
		// counts only for ids that are mapped: user_namespaces(7).
		return v.mappedSetuid(f)
	}
	return f
}

func (v *view) mappedSetuid(f Finding) Finding {
	m := v.kind.UIDMap
	if why := missing(m); why != "" {
		return f.unknown(why)
	}
	f.Found += ", map " + mapLines(m.Value)
	if len(m.Value) == 1 && m.Value[0].Size == 1 {
		return f.closed("no id but its own is mapped, so that no other is gained")
	}
	return f
}

// lookReachable says whether a pathname socket of the host is in reach.
func lookReachable(v *view) Finding {
	found := v.target.Sockets
	f := fromOutside(found.Source)
	_, same, ok := v.shares(ns.Mount)
	direct := lookMounts("", isDirect)(v)
	switch {
	case missing(found) != "":
		return f.unknown(missing(found))
	case !ok || direct.Verdict == Unknown:
		return direct
	case !same && direct.Verdict == Closed && len(found.Value) == 0:
		return direct.closed("no directory of the host's is in its tree")
	case v.filtered():
		return f.unobservable(noContent)
	case len(found.Value) > 0:
		f.Found = several(found.Value)
		return f.open("whoever listens there can be reached, and can hand over descriptors of the host")
	}
	f.Found = direct.Found
	return f.open("a socket of the host is in reach as soon as it lies there")
}

// judgePrivateOutside looks for memory of its own at each private directory.
func judgePrivateOutside(v *view) Finding {
	seen, f, ok := v.mounts()
	private := v.policy.Filesystem.Private
	f.Expected = list(private)
	switch {
	case len(private) == 0:
		return Finding{Verdict: NotApplicable, Note: "filesystem.private is none"}
	case f.Verdict == Open:
		return f.fail(f.Note)
	case !ok:
		return f
	}
	var bad []string
	for _, dir := range private {
		if top := topOf(seen, dir); top == nil || top.Type != "tmpfs" || v.hostDevice(top.Device) {
			bad = append(bad, dir)
		}
	}
	f.Found = list(private)
	if len(bad) > 0 {
		f.Found = list(bad)
		return f.fail("no memory of its own is there")
	}
	return f.pass()
}

// rootOpens says how a profile leaves the host's files open.
func rootOpens(p *policy.Policy) string {
	switch {
	case !p.New(ns.Mount):
		return "namespaces.mount is " + p.Namespaces[ns.Mount].String()
	case p.Filesystem.Root == policy.RootHost:
		return "filesystem.root is host"
	}
	return ""
}

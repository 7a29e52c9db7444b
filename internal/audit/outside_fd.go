package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// openFDs are the thread's descriptors of which is is true.
func (v *view) openFDs(is func(*evidence.FD) bool) (found []evidence.FD, f Finding, ok bool) {
	fds := v.kind.FDs
	f = fromOutside(fds.Source)
	if why := missing(fds); why != "" {
		return nil, f.unknown(why), false
	}
	for i := range fds.Value {
		if is(&fds.Value[i]) {
			found = append(found, fds.Value[i])
		}
	}
	f.Found = severalFDs(found)
	return found, f, true
}

// severalFDs names the first of many descriptors.
func severalFDs(fds []evidence.FD) string {
	if len(fds) == 0 {
		return "none"
	}
	texts := make([]string, 0, len(fds))
	for _, d := range fds {
		texts = append(texts, fdText(d))
	}
	return several(texts)
}

// lookFD is a channel that a descriptor of some kind is.
func lookFD(what string, is func(*evidence.FD) bool) func(*view) Finding {
	return func(v *view) Finding {
		found, f, ok := v.openFDs(is)
		switch {
		case !ok:
			return f
		case len(found) > 0:
			return f.open(what)
		}
		return f.closed("")
	}
}

// lookSocket says whether a socket is open that belongs to netjail's network
// namespace although the process does not.
func lookSocket(v *view) Finding {
	sockets, f, ok := v.openFDs(func(d *evidence.FD) bool { return d.Kind == evidence.FDSocket })
	if !ok {
		return f
	}
	_, same, known := v.shares(ns.Network)
	if !known {
		return f.unknown(missing(v.kind.Namespaces[ns.Network]))
	}
	if same {
		return f.open("its network is netjail's own, whatever it has open")
	}
	var theirs []evidence.FD
	why := ""
	for _, d := range sockets {
		host := d.Socket.HostNetwork
		if host.Known && host.Value {
			theirs = append(theirs, d)
		}
		why = cmp.Or(why, missing(host))
	}
	switch {
	case len(theirs) > 0:
		f.Found = severalFDs(theirs)
		return f.open("a socket of netjail's network namespace")
	case why != "":
		return f.unknown(why)
	}
	f.Found = count(len(sockets), "socket") + ", none of netjail's network namespace"
	return f.closed("")
}

func socketOpens(p *policy.Policy) string {
	switch {
	case !p.New(ns.Network):
		return "namespaces.network is not new"
	case p.Process.StdioSockets == policy.StdioPass:
		return "process.stdioSockets is pass"
	case slices.ContainsFunc(p.Process.InheritFDs, func(n int) bool { return n > 2 }):
		return "process.inheritFds names more than 0 to 2"
	}
	return ""
}

// lookDirectory says whether a directory is open that lies outside of the tree.
func lookDirectory(v *view) Finding {
	if f, same, ok := v.shares(ns.Mount); !ok || same {
		return v.sharedMounts(f, ok)
	}
	if why := missing(v.kind.Mounts); why != "" {
		return fromOutside(v.kind.Mounts.Source).unknown(why)
	}
	dirs, f, ok := v.openFDs(isDirectory)
	if !ok {
		return f
	}
	var out []evidence.FD
	for _, d := range dirs {
		switch {
		case !d.Info.Known || d.Info.Value.Mount == 0:
			return f.unknown("descriptor " + number(d.Number) + ": its mount was not told")
		case !v.holds(d.Info.Value.Mount):
			out = append(out, d)
		}
	}
	if len(out) > 0 {
		f.Found = severalFDs(out)
		return f.open("it leads to files outside of the tree")
	}
	f.Found = count(len(dirs), "directory") + ", all in its own tree"
	if len(dirs) == 0 {
		f.Found = "no directory"
	}
	return f.closed("")
}

// lookCwd says whether root and working directory lie in the tree.
func lookCwd(v *view) Finding {
	p := &v.kind.Process
	if f, same, ok := v.shares(ns.Mount); !ok || same {
		return v.sharedMounts(f, ok)
	}
	f := fromOutside(p.Cwd.Source)
	if why := cmp.Or(missing(p.Cwd), missing(p.Root), missing(p.Mounts)); why != "" {
		return f.unknown(why)
	}
	f.Found = p.Cwd.Value.Path
	if !v.holds(p.Cwd.Value.Mount) || !v.holds(p.Root.Value.Mount) || strings.HasPrefix(p.Cwd.Value.Path, "(unreachable)") {
		return f.open("it lies outside of the tree")
	}
	return f.closed("")
}

// holds says whether a mount is in the thread's table.
func (v *view) holds(mount int) bool {
	return slices.ContainsFunc(v.kind.Mounts.Value, func(m evidence.Mount) bool { return m.ID == mount })
}

// lookTerminal says whether a terminal can be read. Whose it is nobody tells: that
// netjail made for a command lies in the host's devpts as well.
func lookTerminal(v *view) Finding {
	found, f, ok := v.openFDs(func(d *evidence.FD) bool {
		return d.Kind == evidence.FDTerminal && !(d.Terminal.Known && d.Terminal.Value.Access == accessWrite)
	})
	switch {
	case !ok:
		return f
	case len(found) > 0:
		return f.unobservable("cannot be known from outside: who types at this terminal")
	}
	return f.closed("")
}

// lookShared says what else is open that others may hold as well.
func lookShared(v *view) Finding {
	found, f, ok := v.openFDs(isShare)
	switch {
	case !ok:
		return f
	case len(found) > 0:
		return f.unobservable("cannot be known from outside: who holds the other end")
	}
	return f.closed("")
}

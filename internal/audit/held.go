package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// helpers is what processes beside the command have open.
type helpers struct {
	c    *Case
	out  []string // what leads out
	held []string // what does not
	// unread says of whom that is not known.
	unread []string
}

// addReaper adds what pid 1 has open.
func (h *helpers) addReaper() {
	r := h.c.Evidence.Reaper
	switch {
	case r == nil: // the count says so where there is to be one
	case missing(r.FDs) != "":
		h.unread = append(h.unread, "netjail's pid 1: "+missing(r.FDs))
	case !h.c.onlyChannel(r.FDs.Value):
		h.out = append(h.out, "netjail's pid 1: "+fdList(r.FDs.Value))
	default:
		fds := ofKind(r.FDs.Value, func(d *evidence.FD) bool { return !h.c.ofRuntime(d) })
		h.held = append(h.held, "netjail's pid 1: "+fdList(fds))
	}
}

// add adds what each thread of a resident has open, and where it stands.
func (h *helpers) add(r *evidence.Resident) {
	who := "process " + number(r.PID) + " \"" + r.Name + "\": "
	switch {
	case r.Target == nil:
		h.unread = append(h.unread, who+r.Why)
		return
	case r.Target.Unread != "":
		h.unread = append(h.unread, who+r.Target.Unread)
	}
	for i := range r.Target.Kinds {
		k := &r.Target.Kinds[i]
		if why := missing(k.FDs); why != "" {
			h.unread = append(h.unread, who+why)
		}
		var out []string
		for n := range k.FDs.Value {
			d := &k.FDs.Value[n]
			if h.c.leadsOut(d) {
				out = append(out, h.c.helperText(d))
			}
		}
		out = append(out, h.placesOut(who, k)...)
		if out != nil {
			h.out = append(h.out, who+list(out))
		}
	}
}

// placesOut says whether root and working directory of a thread lie outside of the
// command's tree.
func (h *helpers) placesOut(who string, k *evidence.Kind) (out []string) {
	if h.c.inPlace() {
		return nil
	}
	for _, p := range []struct {
		name string
		fact evidence.Fact[evidence.Place]
	}{{"its root", k.Root}, {"its working directory", k.Cwd}} {
		switch why := missing(p.fact); {
		case why != "":
			h.unread = append(h.unread, who+why)
		case !h.c.inTree(p.fact.Value.Mount):
			out = append(out, p.name+" "+p.fact.Value.Path+", "+outsideTree)
		}
	}
	return out
}

// inTree says whether a mount is one of the command's.
func (c *Case) inTree(mount int) bool {
	mounts := c.Evidence.Outside.Mounts
	if after := c.Evidence.AfterExec; after != nil && after.Mounts.Known {
		mounts = after.Mounts
	}
	return mount != 0 && slices.ContainsFunc(mounts.Value, func(m evidence.Mount) bool { return m.ID == mount })
}

// alone are anonymous files that concern nobody but whoever has them.
var alone = [...]string{"anon_inode:[eventpoll]", "anon_inode:[timerfd]", "anon_inode:[signalfd]", "anon_inode:inotify"}

// leadsOut says whether a descriptor of somebody else in the jail leads to what the
// command does not have itself. What cannot be told does.
func (c *Case) leadsOut(d *evidence.FD) bool {
	switch {
	case c.commandHas(d), d.Target == "/dev/null":
		return false
	case d.Kind == evidence.FDSocket:
		return !c.ownSocket(d)
	case slices.Contains(alone[:], d.Target):
		return false
	case d.Kind == evidence.FDNamespace:
		return !c.ownLink(d.Target)
	case d.Kind == evidence.FDFile && !d.FIFO && !d.Packets:
		return !c.inPlace() && !(d.Info.Known && c.inTree(d.Info.Value.Mount))
	}
	return true
}

// commandHas says whether the command has the same pipe, socket or terminal: these
// have names of their own, which a file has not.
func (c *Case) commandHas(d *evidence.FD) bool {
	fds := c.Evidence.Outside.FDs.Value
	if after := c.Evidence.AfterExec; after != nil && after.FDs.Known {
		fds = after.FDs.Value
	}
	if d.Kind != evidence.FDPipe && d.Kind != evidence.FDSocket && d.Kind != evidence.FDTerminal {
		return false
	}
	return slices.ContainsFunc(fds, func(o evidence.FD) bool { return o.Kind == d.Kind && o.Target == d.Target })
}

// ownLink says whether a descriptor of a namespace stands for one of the command's.
func (c *Case) ownLink(target string) bool {
	for _, k := range ns.All() {
		if id := c.Evidence.Outside.Namespaces[k]; id.Known && target == nsLink(k, id.Value) && c.Policy.New(k) {
			return true
		}
	}
	return false
}

// helperText names a descriptor and where it leads.
func (c *Case) helperText(d *evidence.FD) string {
	switch {
	case d.Kind == evidence.FDSocket:
		return c.socketText(d)
	case isPidfd(d) && d.Info.Known:
		return fdText(*d) + " of " + processText(d.Info.Value.PID)
	case isDirectory(d):
		return c.directoryText(d)
	}
	return fdText(*d)
}

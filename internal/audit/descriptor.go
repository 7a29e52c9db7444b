package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
)

// kept are the descriptors that the command starts with: as read at its first
// instruction, or before execve(2) less those of netjail's own that it closes.
// It is false where f already is the answer.
func (c *Case) kept(f *Finding) ([]evidence.FD, bool) {
	fds := c.Evidence.Outside.FDs
	f.Side, f.Basis = SideOutside, BasisBeforeExec
	if after := c.Evidence.AfterExec; after != nil && after.FDs.Known {
		fds, f.Basis = after.FDs, BasisAfterExec
	}
	f.Source = fds.Source
	if why := missing(fds); why != "" {
		f.Side = SideNone
		*f = f.unknown(why)
		return nil, false
	}
	if f.Basis == BasisAfterExec {
		return fds.Value, true
	}
	if c.stays == nil {
		c.stays = c.withoutOwn(fds.Value)
	}
	return c.stays, true
}

// withoutOwn are the descriptors that execve(2) leaves open: those of netjail's own
// are not among them.
func (c *Case) withoutOwn(fds []evidence.FD) []evidence.FD {
	stays := make([]evidence.FD, 0, len(c.Policy.Process.InheritFDs))
	for i := range fds {
		if !slices.Contains(c.Expect.GateFDs, fds[i].Number) && !c.ofRuntime(&fds[i]) {
			stays = append(stays, fds[i])
		}
	}
	return stays
}

// ofRuntime says whether a descriptor is the event queue of a Go runtime: where
// netjail itself had to be executed again, as the stage or as the reaper. It was
// made after that execve(2), to which nothing else came, and nothing of anybody
// else's is behind it; the next execve closes it.
func (c *Case) ofRuntime(d *evidence.FD) bool {
	return c.Evidence.Launcher == "stage" && (d.Target == "anon_inode:[eventpoll]" || d.Target == "anon_inode:[eventfd]")
}

// fdText is "3 socket:[4711]".
func fdText(d evidence.FD) string { return number(d.Number) + " " + d.Target }

// fdList is "0 /dev/null, 1 pipe:[5]", or "no descriptor".
func fdList(fds []evidence.FD) string {
	if len(fds) == 0 {
		return "no descriptor"
	}
	texts := make([]string, 0, len(fds))
	for _, d := range fds {
		texts = append(texts, fdText(d))
	}
	return list(texts)
}

// fdNumbers are the numbers alone, ascending.
func fdNumbers(fds []evidence.FD) []int {
	all := make([]int, 0, len(fds))
	for _, d := range fds {
		all = append(all, d.Number)
	}
	slices.Sort(all)
	return all
}

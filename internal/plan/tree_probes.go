package plan

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

// readPlace asks where the command is about to start. Its root and its mounts
// are read from outside.
func (b *builder) readPlace() {
	if !b.policy.New(ns.Mount) && !b.joins(ns.Mount) {
		return
	}
	const longest = 4096 // PATH_MAX
	b.reading("cwd", "getcwd", FactCwd, longest, out(), num(longest))
}

// LookAt are the paths of the command's tree at which only a look tells whether
// they are as they are to be: what is to be empty, device nodes, symbolic links,
// and what overlays show.
func (h *Host) LookAt() []string {
	paths := []string{}
	if h.Tree == nil {
		return paths
	}
	for i := range h.Tree.Entries {
		switch e := &h.Tree.Entries[i]; {
		case e.Kind == tree.Mask, e.Kind == tree.Symlink, e.Kind == tree.Overlay, e.Kind == tree.Ephemeral,
			e.Kind == tree.Tmpfs && e.Options.Has(tree.ReadOnly), e.Kind == tree.Bind && e.Node.Type == sIFCHR:
			paths = append(paths, e.Target)
		}
	}
	return paths
}

// Overlaid are the host's directories that overlays show.
func (h *Host) Overlaid() []string {
	paths := []string{}
	if h.Tree == nil {
		return paths
	}
	for i := range h.Tree.Entries {
		if e := &h.Tree.Entries[i]; e.Kind == tree.Overlay || e.Kind == tree.Ephemeral {
			paths = append(paths, e.Source)
		}
	}
	return paths
}

// sIFCHR is the type of a character device. Source: inode(7).
const sIFCHR = 0o020000

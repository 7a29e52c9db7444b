package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/tree"
)

var fsFIFO = Rule{
	ID:       "fs.fifo",
	Proves:   "The host's directories are seen through overlays, behind which a FIFO of the host leads nowhere, also on a read-only mount.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "share less in filesystem.writable and filesystem.mounts",
	Key:      keyRoot,
	Judge:    judgeFIFO,
}

func judgeFIFO(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "overlays"}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	if c.Expect.Tree.InPlace {
		f.Found = "the caller's tree"
		return f.declared("filesystem.root is host: every FIFO that the caller may open")
	}
	var direct, bad []string
	overlays := 0
	t.each(func(i int, line *evidence.Mount) {
		switch {
		case i < 0, t.list[i].by != nil && t.list[i].by.Kind == tree.Overlay && t.problem(i) != "":
			bad = append(bad, line.Point+" ("+line.Type+")")
		case line.Type == "overlay" && t.list[i].host == nil:
			overlays++
		case t.list[i].host != nil && t.list[i].leads():
			direct = append(direct, line.Point)
		}
	})
	switch {
	case len(bad) > 0:
		f.Found = several(bad)
		return f.fail("the host's directories may be seen without an overlay")
	case len(direct) > 0:
		f.Found = several(direct) + c.fifos()
		return f.declared("a FIFO there is the host's")
	}
	f.Found = count(overlays, "overlay")
	return f.pass()
}

// leads says whether a FIFO could be in what a mount shows, or be it: one file is
// none, and the file systems without FIFOs have none. Nothing in a /proc is one
// that the host made, and what becomes a mount of itself was in reach already.
func (w *wanted) leads() bool {
	const mask, directory, socket, fifo = 0o170000, 0o040000, 0o140000, 0o010000 // inode(7)
	switch w.fstype {
	case "exfat", "msdos", "vfat", "proc":
		return false
	}
	if w.by == nil || w.by.Recursive {
		return true
	}
	switch w.by.Node.Type & mask {
	case directory, socket, fifo:
		return !w.by.Self
	}
	return false
}

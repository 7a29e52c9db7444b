package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/ns"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

var fsDevices = Rule{
	ID:       "fs.devices",
	Proves:   "The command can open the harmless device nodes and terminals of its own, and no other device: every other mount is nodev.",
	Evidence: mountsEvidence + "; in a full audit, which device each node stands for, through /proc/PID/root",
	Control:  mountsControl,
	Remedy:   "name a device in filesystem.mounts if the command needs it; it is then a channel that the report lists",
	Key:      keyRoot,
	Judge:    judgeDevices,
}

// harmless are the devices that every jail may have. Source:
// Documentation/admin-guide/devices.txt.
var harmless = [...]struct{ path, device string }{
	{"/dev/null", "1:3"},
	{"/dev/zero", "1:5"},
	{"/dev/full", "1:7"},
	{"/dev/random", "1:8"},
	{"/dev/urandom", "1:9"},
	{"/dev/tty", "5:0"},
}

func judgeDevices(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	f := Finding{Expected: "nodev, but for " + count(len(harmless), "node")}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	d := t.devices()
	if bad := append(d.bad, t.problems(d.nodes)...); len(bad) > 0 {
		f.Found = several(bad)
		return f.fail("device nodes there work, and no key names it")
	}
	if c.Evidence.Full {
		var ok bool
		if f, ok = c.lookNodes(f, t, d.nodes); !ok {
			return f
		}
	}
	switch {
	case d.kept > 0:
		f.Found = count(d.kept, "mount") + " of the caller's that are not nodev"
		return f.declared("filesystem.root is host: every device that the caller may open")
	case len(d.named) > 0:
		f.Found = several(d.named)
		return f.declared("device nodes there work, for whom their modes let")
	}
	f.Found = count(len(d.nodes), "node") + ", every other mount nodev"
	return f.pass()
}

// devices are the mounts that are not nodev.
type devices struct {
	nodes      []int    // harmless ones
	kept       int      // the caller's
	named, bad []string // others, by a key and by none
}

func (t *mountTable) devices() (d devices) {
	t.each(func(i int, line *evidence.Mount) {
		switch {
		case line.Flags.Has(evidence.MountNodev), i >= 0 && t.list[i].by != nil && t.list[i].by.Kind == tree.Devpts && t.ownMemory(i):
		case i >= 0 && t.list[i].kept():
			d.kept++
		case i >= 0 && t.list[i].isDevice() && isHarmless(line.Point):
			d.nodes = append(d.nodes, i)
		case i >= 0 && t.list[i].byName():
			d.named = append(d.named, line.Point+" by "+t.list[i].by.Key)
		default:
			d.bad = append(d.bad, line.Point)
		}
	})
	return d
}

func isHarmless(path string) bool {
	return slices.ContainsFunc(harmless[:], func(d struct{ path, device string }) bool { return d.path == path })
}

// lookNodes looks at which device each node is, in a full audit.
func (c *Case) lookNodes(f Finding, t *mountTable, nodes []int) (Finding, bool) {
	for _, i := range nodes {
		file, why := c.lookAt(&f, t.at[i])
		if why != "" {
			return f.unknown(why), false
		}
		for _, d := range harmless {
			if d.path == t.at[i] && file.Device != d.device {
				f.Found = t.at[i] + " is device " + file.Device
				return f.fail("it stands for another device"), false
			}
		}
	}
	return f, true
}

package host

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/tree"
)

// parseMountInfo reads /proc/PID/mountinfo as package tree wants it.
func parseMountInfo(text string) ([]tree.MountPoint, error) {
	list, err := evidence.ParseMountInfo(text)
	if err != nil {
		return nil, err
	}
	mounts := make([]tree.MountPoint, len(list))
	for i := range list {
		m := &list[i]
		mounts[i] = tree.MountPoint{
			ID: m.ID, Parent: m.Parent, Device: m.Device, Root: m.Root, Point: m.Point, Type: m.Type, Options: mountOptions(m.Flags),
		}
	}
	return mounts, nil
}

// mountOptions are those that matter for the tree. Both sets have the numbers of
// mount_setattr(2).
func mountOptions(f evidence.MountFlags) tree.Options {
	const all = evidence.MountReadOnly | evidence.MountNosuid | evidence.MountNodev | evidence.MountNoexec
	return tree.Options(f & all)
}

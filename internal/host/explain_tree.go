package host

import (
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// mountFailure is why ops of a tree failed, and what to do.
type mountFailure struct {
	// ops are their names or, with a dot or a slash at the end, what their names
	// begin with, or with a star before it what they end in.
	ops []string
	// errnos are the answers; none for a result that is no errno.
	errnos []unix.Errno
	Explanation
}

const (
	startAgain  = "start it again; if it fails again, look for what renames or replaces files there"
	kernelsWord = "look into the kernel's log (dmesg) for what it says of overlayfs"
)

// places are the ops that find a place in the tree, or mount there.
var places = []string{
	"mount.overlay.target.", "mount.ephemeral.target.", "mount.tmpfs.target.", "mount.proc.target.", "mount.devpts.target.",
	"mount.bind.", "mount.mask.", "mount.self.", "mount.enter.", "mount.directory.parent.", "mount.file.parent.", "mount.link.parent.",
}

// sourceFailures are why a file of the host was not shown.
//
// Source: openat2(2), open_tree(2), and what Linux 6.18 was seen to answer.
var sourceFailures = []mountFailure{
	{[]string{"*.same"}, nil, Explanation{
		"another file is there than when netjail looked: somebody has replaced it meanwhile", startAgain,
	}},
	{[]string{"mount.source"}, []unix.Errno{unix.ENOENT, unix.ENOTDIR}, Explanation{
		"it was there when netjail looked, and no longer is: somebody has removed or replaced it meanwhile", startAgain,
	}},
	{[]string{"mount.source"}, []unix.Errno{unix.ELOOP}, Explanation{
		"a part of this path has become a symbolic link since netjail looked: somebody has replaced it meanwhile", startAgain,
	}},
	{[]string{"mount.source"}, []unix.Errno{unix.EACCES}, Explanation{
		"the jail may not enter a directory above it: root's jail has other ids than root, and none of root's power over files",
		"let others enter that directory (chmod o+x), or run netjail as the user that owns it",
	}},
	{[]string{"mount.source.clone"}, []unix.Errno{unix.EINVAL}, Explanation{
		"other file systems are mounted below it, and in a new user namespace the kernel shows no directory without them: what they hide could come to light",
		"write `rbind` where the profile's mount says `bind`, or name a directory below which nothing is mounted",
	}},
	{places, []unix.Errno{unix.EACCES}, Explanation{
		"the jail may not enter a directory on the way to it: root's jail has other ids than root, and is given nothing under `root: host` or in a user namespace that is joined",
		"write `root: system` and `user: new`, or name nothing in that directory",
	}},
	{places, []unix.Errno{unix.ELOOP, unix.ENOENT, unix.ENOTDIR, unix.EXDEV}, Explanation{
		"the place in the tree is not what it was when netjail looked: somebody has removed it, or replaced it by something else, meanwhile", startAgain,
	}},
}

// explainMount says why an op of a tree failed.
func explainMount(name string, errno unix.Errno) (Explanation, bool) {
	for _, list := range [][]mountFailure{sourceFailures, givingFailures, overlayFailures, mountingFailures} {
		for i := range list {
			if f := &list[i]; f.is(name, errno) {
				return f.Explanation, true
			}
		}
	}
	return Explanation{}, false
}

func (f *mountFailure) is(name string, errno unix.Errno) bool {
	if errno == 0 != (len(f.errnos) == 0) || errno != 0 && !slices.Contains(f.errnos, errno) {
		return false
	}
	return slices.ContainsFunc(f.ops, func(op string) bool {
		if tail, ok := strings.CutPrefix(op, "*"); ok {
			return strings.HasSuffix(name, tail)
		}
		return name == op || strings.HasPrefix(name, op) && (strings.HasSuffix(op, ".") || strings.HasSuffix(op, "/"))
	})
}

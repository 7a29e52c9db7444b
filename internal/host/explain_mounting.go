package host

import "golang.org/x/sys/unix"

// overlays are the ops that mount overlayfs.
var overlays = []string{"mount.overlay./", "mount.ephemeral./"}

// overlayFailures are why overlayfs was not mounted.
//
// Source: mount(2), the kernel's Documentation/filesystems/overlayfs.rst, and
// what Linux 6.18 was seen to answer.
var overlayFailures = []mountFailure{
	{overlays, []unix.Errno{unix.ENODEV}, Explanation{
		"this kernel has no overlayfs, and without it the sockets of a directory that is shown cannot be silenced, nor its changes be kept in memory",
		"as root: modprobe overlay",
	}},
	{overlays, []unix.Errno{unix.EPERM, unix.EACCES}, Explanation{
		"the kernel does not let this user mount overlayfs: it is older than Linux 5.11, or a security module forbids it",
		"use a newer kernel, or look for the security module's message in the kernel's log",
	}},
	{overlays, []unix.Errno{unix.EINVAL, unix.ELOOP, unix.ESTALE, unix.ENOTDIR}, Explanation{
		"overlayfs does not take this directory: other file systems are mounted below it, or it lies on overlays on overlays already (as in a jail within a container), or on a file system that overlayfs does not take",
		kernelsWord,
	}},
}

// mountingFailures are why the other file systems were not, and what concerns
// all of them.
var mountingFailures = []mountFailure{
	{[]string{"mount.proc"}, []unix.Errno{unix.EPERM}, Explanation{
		"the kernel mounts a new /proc only in a new pid namespace, and only where the old one is fully visible: a container that masks parts of /proc stands against it",
		"run the container with an unmasked /proc (Docker: --security-opt systempaths=unconfined); with the host's root, `pid: host` does without",
	}},
	{[]string{"mount.devpts./"}, []unix.Errno{unix.EPERM, unix.EACCES, unix.EINVAL, unix.ENODEV}, Explanation{
		"the kernel gives the jail no terminals of its own: it has no devpts, or a security module forbids it",
		"look for a message in the kernel's log; `root: host` does without",
	}},
	{[]string{"mount.tmpfs./"}, []unix.Errno{unix.EINVAL}, Explanation{
		"the kernel does not take this size or these permission bits for a tmpfs", "change them in the profile",
	}},
	{[]string{"mount.store.attach"}, []unix.Errno{unix.ENOENT}, Explanation{
		"the /proc that netjail sees is not whole: it lacks /proc/driver, which netjail mounts on while it makes the tree",
		"mount a whole /proc (without subset=pid)",
	}},
	{[]string{"mount."}, []unix.Errno{unix.EBADF, unix.EMFILE}, Explanation{
		"the limit on open files is too low for a tree of so many parts (RLIMIT_NOFILE)", "raise `ulimit -n`",
	}},
	{[]string{"mount.root.pivot"}, []unix.Errno{unix.EINVAL}, Explanation{
		"netjail's own root is not a mount that can be left: it runs in a chroot, or on the kernel's first file system (initramfs)",
		"run netjail outside the chroot, or write `root: host`",
	}},
	{[]string{"mount.root.workdir"}, []unix.Errno{unix.ENOENT, unix.ENOTDIR, unix.EACCES, unix.ELOOP}, Explanation{
		"the command's tree does not have the working directory any more, or the command may not enter it", "start it from another directory",
	}},
	{[]string{"mount."}, []unix.Errno{unix.ENOSPC}, Explanation{
		"a limit on mounts is reached: fs.mount-max counts those of one mount namespace", "as root: raise `sysctl fs.mount-max`",
	}},
	{[]string{"mount."}, []unix.Errno{unix.ENOSYS}, Explanation{
		"a call that mounts is not to be had: the kernel is older than Linux 5.12, or a seccomp filter that netjail runs under hides it",
		"use a newer kernel, or run netjail outside that sandbox",
	}},
	{[]string{"mount."}, []unix.Errno{unix.EAGAIN}, Explanation{
		"names above this path were being changed all the time", startAgain,
	}},
}

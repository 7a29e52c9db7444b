package seccomp

import "slices"

// Probe is a system call that shows whether the filter is in force. None can
// succeed where its success would change anything: its arguments are such that
// the kernel itself refuses them, with another error than the filter's.
type Probe struct {
	// Name is unique and stable: "openat2", "socket.unix".
	Name string
	// Call is the attempt as people write it.
	Call string
	// Number is the call's by Arch; -1 where the architecture has no such call,
	// and the probe is then to be left out.
	Number [2]int
	Args   [6]uint64
	// Errno is the answer under the filter.
	Errno Errno
	// Bare is the answer without a filter on Linux 6.18. An older kernel may
	// answer otherwise (ENOSYS for a call that it does not have, EPERM where it
	// looks at capabilities first), so it is for tests and for people.
	Bare Errno
	// Control says that the filter must let this one through: Errno and Bare
	// are the same. Without controls, a filter that refuses everything, or a
	// child that never made a call, would look like success.
	Control bool
}

// minus is -1 as a descriptor.
const minus = ^uint64(0)

// wrong is a bit that no type of socket has: the kernel answers EINVAL before it
// looks at the family, so no socket is made and no module is loaded.
const wrong = 0x100

// Probes are the attempts for the options, and the controls after them.
func Probes(o Options) []Probe {
	probes := make([]Probe, 0, len(refused)+len(nested)+16)
	probes = append(probes, refused[:]...)
	if !o.Nested {
		probes = append(probes, nested[:]...)
	}
	probes = socketProbes(probes, &o)
	probes = append(probes, controls[:]...)
	return socketControls(probes, &o)
}

// refused are the attempts that every filter answers alike.
var refused = [...]Probe{
	{Name: "io_uring_setup", Call: "io_uring_setup(0, NULL)", Number: [2]int{425, 425}, Errno: ENOSYS, Bare: EFAULT},
	{Name: "io_uring_enter", Call: "io_uring_enter(-1, 0, 0, 0, NULL, 0)", Number: [2]int{426, 426}, Args: [6]uint64{minus}, Errno: ENOSYS, Bare: EBADF},
	{Name: "openat2", Call: "openat2(-1, NULL, NULL, 0)", Number: [2]int{437, 437}, Args: [6]uint64{minus}, Errno: ENOSYS, Bare: EINVAL},
	{Name: "add_key", Call: "add_key(NULL, NULL, NULL, 0, 0)", Number: [2]int{248, 217}, Errno: ENOSYS, Bare: EFAULT},
	{Name: "request_key", Call: "request_key(NULL, NULL, NULL, 0)", Number: [2]int{249, 218}, Errno: ENOSYS, Bare: EFAULT},
	{Name: "keyctl", Call: "keyctl(0xffff)", Number: [2]int{250, 219}, Args: [6]uint64{0xffff}, Errno: ENOSYS, Bare: EOPNOTSUPP},
	{Name: "userfaultfd", Call: "userfaultfd(~0)", Number: [2]int{323, 282}, Args: [6]uint64{0xffffffff}, Errno: ENOSYS, Bare: EINVAL},
	{Name: "open_by_handle_at", Call: "open_by_handle_at(-1, NULL, 0)", Number: [2]int{304, 265}, Args: [6]uint64{minus}, Errno: EPERM, Bare: EFAULT},
	{Name: "pidfd_getfd", Call: "pidfd_getfd(-1, -1, 0)", Number: [2]int{438, 438}, Args: [6]uint64{minus, minus}, Errno: EPERM, Bare: EBADF},
	{Name: "perf_event_open", Call: "perf_event_open(NULL, 0, -1, -1, ~0)", Number: [2]int{298, 241}, Args: [6]uint64{0, 0, minus, minus, 0xffffffff}, Errno: EPERM, Bare: EINVAL},
	{Name: "prlimit64", Call: "prlimit64(-1, RLIMIT_NOFILE, NULL, NULL)", Number: [2]int{302, 261}, Args: [6]uint64{minus, 7}, Errno: EPERM, Bare: ESRCH},
	{Name: "ioprio_set.group", Call: "ioprio_set(IOPRIO_WHO_PGRP, 0, 7<<13)", Number: [2]int{251, 30}, Args: [6]uint64{ioGroup, 0, 7 << 13}, Errno: EPERM, Bare: EINVAL},
	{Name: "ioctl.tiocsti", Call: "ioctl(-1, TIOCSTI, NULL)", Number: [2]int{16, 29}, Args: [6]uint64{minus, tiocsti}, Errno: EPERM, Bare: EBADF},
	{Name: "ioctl.tiocsti.high", Call: "ioctl(-1, 1<<32|TIOCSTI, NULL)", Number: [2]int{16, 29}, Args: [6]uint64{minus, 1<<32 | tiocsti}, Errno: EPERM, Bare: EBADF},
	{Name: "ioctl.tioclinux", Call: "ioctl(-1, TIOCLINUX, NULL)", Number: [2]int{16, 29}, Args: [6]uint64{minus, tioclinux}, Errno: EPERM, Bare: EBADF},
	{Name: "chmod", Call: "chmod(NULL, 04755)", Number: [2]int{90, absent}, Args: [6]uint64{0, 0o4755}, Errno: EPERM, Bare: EFAULT},
	{Name: "fchmod", Call: "fchmod(-1, 04755)", Number: [2]int{91, 52}, Args: [6]uint64{minus, 0o4755}, Errno: EPERM, Bare: EBADF},
	{Name: "fchmodat", Call: "fchmodat(-1, NULL, 02755)", Number: [2]int{268, 53}, Args: [6]uint64{minus, 0, 0o2755}, Errno: EPERM, Bare: EFAULT},
	{Name: "fchmodat2", Call: "fchmodat2(-1, NULL, 04755, ~0)", Number: [2]int{452, 452}, Args: [6]uint64{minus, 0, 0o4755, 0xffffffff}, Errno: EPERM, Bare: EINVAL},
	{Name: "open", Call: "open(NULL, O_CREAT, 04755)", Number: [2]int{2, absent}, Args: [6]uint64{0, creates, 0o4755}, Errno: EPERM, Bare: EFAULT},
	{Name: "openat", Call: "openat(-1, NULL, O_CREAT, 04755)", Number: [2]int{257, 56}, Args: [6]uint64{minus, 0, creates, 0o4755}, Errno: EPERM, Bare: EFAULT},
	{Name: "openat.tmpfile", Call: "openat(-1, NULL, __O_TMPFILE, 04755)", Number: [2]int{257, 56}, Args: [6]uint64{minus, 0, temporary, 0o4755}, Errno: EPERM, Bare: EINVAL},
	{Name: "creat", Call: "creat(NULL, 04755)", Number: [2]int{85, absent}, Args: [6]uint64{0, 0o4755}, Errno: EPERM, Bare: EFAULT},
	{Name: "mknod", Call: "mknod(NULL, S_IFREG|04755, 0)", Number: [2]int{133, absent}, Args: [6]uint64{0, 0o104755}, Errno: EPERM, Bare: EFAULT},
	{Name: "mknodat", Call: "mknodat(-1, NULL, S_IFREG|04755, 0)", Number: [2]int{259, 33}, Args: [6]uint64{minus, 0, 0o104755}, Errno: EPERM, Bare: EFAULT},
}

// nested are the attempts at what Options.Nested allows.
var nested = [...]Probe{
	{Name: "clone3", Call: "clone3(NULL, 0)", Number: [2]int{435, 435}, Errno: ENOSYS, Bare: EINVAL},
	{Name: "clone.user", Call: "clone(CLONE_NEWUSER|CLONE_FS)", Number: [2]int{56, 220}, Args: [6]uint64{newUser | cloneFS}, Errno: EPERM, Bare: EINVAL},
	{Name: "unshare.user", Call: "unshare(CLONE_NEWUSER|CLONE_PARENT_SETTID)", Number: [2]int{272, 97}, Args: [6]uint64{newUser | parentSetTID}, Errno: EPERM, Bare: EINVAL},
	{Name: "unshare.net", Call: "unshare(CLONE_NEWNET|CLONE_PARENT_SETTID)", Number: [2]int{272, 97}, Args: [6]uint64{newNet | parentSetTID}, Errno: EPERM, Bare: EINVAL},
	{Name: "setns", Call: "setns(-1, CLONE_NEWNET)", Number: [2]int{308, 268}, Args: [6]uint64{minus, newNet}, Errno: EPERM, Bare: EBADF},
	{Name: "mount", Call: "mount(NULL, NULL, NULL, 0, NULL)", Number: [2]int{165, 40}, Errno: EPERM, Bare: EFAULT},
	{Name: "umount2", Call: "umount2(NULL, ~0)", Number: [2]int{166, 39}, Args: [6]uint64{0, 0xffffffff}, Errno: EPERM, Bare: EINVAL},
	{Name: "open_tree", Call: "open_tree(-1, NULL, 0)", Number: [2]int{428, 428}, Args: [6]uint64{minus}, Errno: EPERM, Bare: EFAULT},
	{Name: "mount_setattr", Call: "mount_setattr(-1, NULL, ~0, NULL, 0)", Number: [2]int{442, 442}, Args: [6]uint64{minus, 0, 0xffffffff}, Errno: EPERM, Bare: EINVAL},
}

// Flags of clone(2) (linux/sched.h). CLONE_FS excludes CLONE_NEWUSER, and
// unshare(2) knows no CLONE_PARENT_SETTID: both are EINVAL before anything is
// made.
const (
	cloneFS      = 0x200
	parentSetTID = 0x100000
	newUser      = 0x10000000
	newNet       = 0x40000000
)

// controls are the attempts that every filter lets through.
var controls = [...]Probe{
	{Name: "control.ioctl", Call: "ioctl(-1, TIOCGWINSZ, NULL)", Number: [2]int{16, 29}, Args: [6]uint64{minus, 0x5413}, Errno: EBADF, Bare: EBADF, Control: true},
	{Name: "control.fchmod", Call: "fchmod(-1, 0755)", Number: [2]int{91, 52}, Args: [6]uint64{minus, 0o755}, Errno: EBADF, Bare: EBADF, Control: true},
	{Name: "control.openat", Call: "openat(-1, NULL, O_CREAT, 0644)", Number: [2]int{257, 56}, Args: [6]uint64{minus, 0, creates, 0o644}, Errno: EFAULT, Bare: EFAULT, Control: true},
	{Name: "control.unshare", Call: "unshare(CLONE_PARENT_SETTID)", Number: [2]int{272, 97}, Args: [6]uint64{parentSetTID}, Errno: EINVAL, Bare: EINVAL, Control: true},
	{Name: "control.prlimit64", Call: "prlimit64(0, RLIMIT_NOFILE, NULL, NULL)", Number: [2]int{302, 261}, Args: [6]uint64{0, 7}, Control: true},
}

// socketProbes adds the attempts that depend on the families.
func socketProbes(p []Probe, o *Options) []Probe {
	if !o.Unix {
		p = append(p,
			socketProbe("socket.unix", "socket(AF_UNIX, SOCK_STREAM|0x100, 0)", afUnix, sockStream, 0, EAFNOSUPPORT),
			socketProbe("socket.unix.high", "socket(1<<32|AF_UNIX, SOCK_STREAM|0x100, 0)", 1<<32|afUnix, sockStream, 0, EAFNOSUPPORT),
			pairProbe("socketpair.datagram", "socketpair(AF_UNIX, SOCK_DGRAM|0x100, 0, NULL)", sockDgram, ESOCKTNOSUPPORT))
	}
	if o.HostFamilies {
		return p
	}
	if !o.has(afVsock) {
		p = append(p, socketProbe("socket.vsock", "socket(AF_VSOCK, SOCK_STREAM|0x100, 0)", afVsock, sockStream, 0, EAFNOSUPPORT))
	}
	p = append(p, socketProbe("socket.netlink", "socket(AF_NETLINK, SOCK_DGRAM|0x100, NETLINK_SOCK_DIAG)", afNetlink, sockDgram, 4, EAFNOSUPPORT))
	if !o.has(afPacket) {
		p = append(p, socketProbe("socket.packet", "socket(AF_INET, SOCK_PACKET|0x100, 0)", afInet, sockPacket, 0, EAFNOSUPPORT))
	}
	return p
}

// socketControls adds the controls that depend on the families: a pair, which
// every filter allows, a socket of the first family that is allowed, and unix
// sockets of every type where those are.
func socketControls(p []Probe, o *Options) []Probe {
	c := pairProbe("control.socketpair", "socketpair(AF_UNIX, SOCK_STREAM|0x100, 0, NULL)", sockStream, EINVAL)
	c.Control = true
	p = append(p, c)
	if o.HostFamilies {
		p = append(p, socketControl(afInet))
	} else if i := slices.IndexFunc(o.Families, func(f uint8) bool { return f != afUnix }); i >= 0 {
		p = append(p, socketControl(o.Families[i]))
	}
	if o.Unix {
		p = append(p, unixControls[:]...)
	}
	return p
}

// foreign is a protocol that AF_UNIX does not have. Only its own code says so
// (net/unix/af_unix.c, unix_create), so that this answer also shows that the
// kernel has unix sockets.
const foreign = 2

// unixControls are the controls where unix sockets are allowed.
var unixControls = [...]Probe{
	{Name: "control.unix.stream", Call: "socket(AF_UNIX, SOCK_STREAM, 2)", Number: [2]int{41, 198}, Args: [6]uint64{afUnix, sockStream, foreign}, Errno: EPROTONOSUPPORT, Bare: EPROTONOSUPPORT, Control: true},
	{Name: "control.unix.datagram", Call: "socket(AF_UNIX, SOCK_DGRAM, 2)", Number: [2]int{41, 198}, Args: [6]uint64{afUnix, sockDgram, foreign}, Errno: EPROTONOSUPPORT, Bare: EPROTONOSUPPORT, Control: true},
	{Name: "control.unix.seqpacket", Call: "socket(AF_UNIX, SOCK_SEQPACKET, 2)", Number: [2]int{41, 198}, Args: [6]uint64{afUnix, sockSeq, foreign}, Errno: EPROTONOSUPPORT, Bare: EPROTONOSUPPORT, Control: true},
	{Name: "control.unix.pair", Call: "socketpair(AF_UNIX, SOCK_DGRAM|0x100, 0, NULL)", Number: [2]int{53, 199}, Args: [6]uint64{afUnix, sockDgram | wrong}, Errno: EINVAL, Bare: EINVAL, Control: true},
}

func socketControl(f uint8) Probe {
	c := socketProbe("control.socket", "socket("+familyName(f)+", SOCK_DGRAM|0x100, 0)", uint64(f), sockDgram, 0, EINVAL)
	c.Control = true
	return c
}

func socketProbe(name, text string, family, kind, protocol uint64, e Errno) Probe {
	return Probe{
		Name: name, Call: text, Number: [2]int{41, 198},
		Args: [6]uint64{family, kind | wrong, protocol}, Errno: e, Bare: EINVAL,
	}
}

func pairProbe(name, text string, kind uint64, e Errno) Probe {
	return Probe{
		Name: name, Call: text, Number: [2]int{53, 199},
		Args: [6]uint64{afUnix, kind | wrong}, Errno: e, Bare: EINVAL,
	}
}

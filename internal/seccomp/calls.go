package seccomp

// absent marks a call that an architecture does not have.
const absent = -1

// condition says when a call is refused.
type condition uint8

const (
	always   condition = iota
	bits               // the argument has a bit of mask
	creating           // the argument has a bit of mask, and the next one a set-ID bit
	nonzero            // the argument is not 0
	group              // the argument is mask, a process group, and the next one 0, the caller's own
	terminal           // the argument is TIOCSTI or TIOCLINUX
	family             // socket(2): see sockets.go
	pair               // socketpair(2): see sockets.go
)

// Bits of arguments; amd64 and arm64 agree (linux/sched.h, asm-generic/fcntl.h,
// asm-generic/ioctls.h, linux/stat.h).
const (
	// newAny are CLONE_NEW*; in clone(2) the lowest eight bits are a signal,
	// so CLONE_NEWTIME, which is 0x80, is there none of them.
	newAny        = 0x7e020000
	newTime       = 0x80
	setID         = 0o6000   // S_ISUID|S_ISGID
	creates       = 0x40     // O_CREAT
	temporary     = 0x400000 // __O_TMPFILE
	tiocsti       = 0x5412
	tioclinux     = 0x541c
	priorityGroup = 1 // PRIO_PGRP of linux/resource.h
	ioGroup       = 2 // IOPRIO_WHO_PGRP of linux/ioprio.h
)

// why is a reason that several calls share.
type why uint8

const (
	whyRing why = iota
	whyUnseen
	whyMode
	whyKeys
	whyFault
	whyEnter
	whyHandle
	whySteal
	whyMount
	whyKernel
	whyMachine
	whyNamespace
	whyLimits
	whyGroup
	whyTyped
	whySetID
)

// call is one line of the decision.
type call struct {
	name    string
	number  [2]int16 // by Arch
	when    condition
	arg     uint8 // 0-based, for all conditions but always, family and pair
	nested  bool  // allowed where Options.Nested is set
	refusal Errno
	mask    uint32
	why     why
}

// calls is the decision about every call that is not simply allowed.
// Source of the numbers: arch/x86/entry/syscalls/syscall_64.tbl and
// scripts/syscall.tbl of Linux 6.18; a test compares them with x/sys/unix.
//
// An argument is compared in its low 32 bits, because that is all the kernel
// reads of an int or an unsigned int; set high bits therefore hide nothing.
var calls = [...]call{
	{name: "io_uring_setup", number: [2]int16{425, 425}, refusal: ENOSYS, why: whyRing},
	{name: "io_uring_enter", number: [2]int16{426, 426}, refusal: ENOSYS, why: whyRing},
	{name: "io_uring_register", number: [2]int16{427, 427}, refusal: ENOSYS, why: whyRing},
	{name: "clone3", number: [2]int16{435, 435}, refusal: ENOSYS, nested: true, why: whyUnseen},
	{name: "openat2", number: [2]int16{437, 437}, refusal: ENOSYS, why: whyMode},
	{name: "add_key", number: [2]int16{248, 217}, refusal: ENOSYS, why: whyKeys},
	{name: "request_key", number: [2]int16{249, 218}, refusal: ENOSYS, why: whyKeys},
	{name: "keyctl", number: [2]int16{250, 219}, refusal: ENOSYS, why: whyKeys},
	{name: "userfaultfd", number: [2]int16{323, 282}, refusal: ENOSYS, why: whyFault},

	{name: "setns", number: [2]int16{308, 268}, refusal: EPERM, nested: true, why: whyEnter},
	{name: "open_by_handle_at", number: [2]int16{304, 265}, refusal: EPERM, why: whyHandle},
	{name: "pidfd_getfd", number: [2]int16{438, 438}, refusal: EPERM, why: whySteal},

	{name: "mount", number: [2]int16{165, 40}, refusal: EPERM, nested: true, why: whyMount},
	{name: "umount2", number: [2]int16{166, 39}, refusal: EPERM, nested: true, why: whyMount},
	{name: "pivot_root", number: [2]int16{155, 41}, refusal: EPERM, nested: true, why: whyMount},
	{name: "open_tree", number: [2]int16{428, 428}, refusal: EPERM, nested: true, why: whyMount},
	{name: "move_mount", number: [2]int16{429, 429}, refusal: EPERM, nested: true, why: whyMount},
	{name: "fsopen", number: [2]int16{430, 430}, refusal: EPERM, nested: true, why: whyMount},
	{name: "fsconfig", number: [2]int16{431, 431}, refusal: EPERM, nested: true, why: whyMount},
	{name: "fsmount", number: [2]int16{432, 432}, refusal: EPERM, nested: true, why: whyMount},
	{name: "fspick", number: [2]int16{433, 433}, refusal: EPERM, nested: true, why: whyMount},
	{name: "mount_setattr", number: [2]int16{442, 442}, refusal: EPERM, nested: true, why: whyMount},
	{name: "open_tree_attr", number: [2]int16{467, 467}, refusal: EPERM, nested: true, why: whyMount},

	{name: "bpf", number: [2]int16{321, 280}, refusal: EPERM, why: whyKernel},
	{name: "perf_event_open", number: [2]int16{298, 241}, refusal: EPERM, why: whyKernel},
	{name: "init_module", number: [2]int16{175, 105}, refusal: EPERM, why: whyKernel},
	{name: "finit_module", number: [2]int16{313, 273}, refusal: EPERM, why: whyKernel},
	{name: "delete_module", number: [2]int16{176, 106}, refusal: EPERM, why: whyKernel},
	{name: "kexec_load", number: [2]int16{246, 104}, refusal: EPERM, why: whyKernel},
	{name: "kexec_file_load", number: [2]int16{320, 294}, refusal: EPERM, why: whyKernel},
	{name: "reboot", number: [2]int16{169, 142}, refusal: EPERM, why: whyMachine},
	{name: "swapon", number: [2]int16{167, 224}, refusal: EPERM, why: whyMachine},
	{name: "swapoff", number: [2]int16{168, 225}, refusal: EPERM, why: whyMachine},
	{name: "acct", number: [2]int16{163, 89}, refusal: EPERM, why: whyMachine},
	{name: "quotactl", number: [2]int16{179, 60}, refusal: EPERM, why: whyMachine},
	{name: "quotactl_fd", number: [2]int16{443, 443}, refusal: EPERM, why: whyMachine},
	{name: "lookup_dcookie", number: [2]int16{212, 18}, refusal: EPERM, why: whyMachine},
	{name: "syslog", number: [2]int16{103, 116}, refusal: EPERM, why: whyMachine},
	{name: "nfsservctl", number: [2]int16{180, 42}, refusal: EPERM, why: whyMachine},

	{name: "unshare", number: [2]int16{272, 97}, when: bits, arg: 0, mask: newAny | newTime, refusal: EPERM, nested: true, why: whyNamespace},
	{name: "clone", number: [2]int16{56, 220}, when: bits, arg: 0, mask: newAny, refusal: EPERM, nested: true, why: whyNamespace},
	{name: "prlimit64", number: [2]int16{302, 261}, when: nonzero, arg: 0, refusal: EPERM, why: whyLimits},
	{name: "setpriority", number: [2]int16{141, 140}, when: group, arg: 0, mask: priorityGroup, refusal: EPERM, why: whyGroup},
	{name: "ioprio_set", number: [2]int16{251, 30}, when: group, arg: 0, mask: ioGroup, refusal: EPERM, why: whyGroup},
	{name: "ioctl", number: [2]int16{16, 29}, when: terminal, arg: 1, refusal: EPERM, why: whyTyped},

	{name: "chmod", number: [2]int16{90, absent}, when: bits, arg: 1, mask: setID, refusal: EPERM, why: whySetID},
	{name: "fchmod", number: [2]int16{91, 52}, when: bits, arg: 1, mask: setID, refusal: EPERM, why: whySetID},
	{name: "fchmodat", number: [2]int16{268, 53}, when: bits, arg: 2, mask: setID, refusal: EPERM, why: whySetID},
	{name: "fchmodat2", number: [2]int16{452, 452}, when: bits, arg: 2, mask: setID, refusal: EPERM, why: whySetID},
	{name: "open", number: [2]int16{2, absent}, when: creating, arg: 1, mask: creates | temporary, refusal: EPERM, why: whySetID},
	{name: "openat", number: [2]int16{257, 56}, when: creating, arg: 2, mask: creates | temporary, refusal: EPERM, why: whySetID},
	{name: "creat", number: [2]int16{85, absent}, when: bits, arg: 1, mask: setID, refusal: EPERM, why: whySetID},
	{name: "mknod", number: [2]int16{133, absent}, when: bits, arg: 1, mask: setID, refusal: EPERM, why: whySetID},
	{name: "mknodat", number: [2]int16{259, 33}, when: bits, arg: 2, mask: setID, refusal: EPERM, why: whySetID},

	{name: "socket", number: [2]int16{41, 198}, when: family},
	{name: "socketpair", number: [2]int16{53, 199}, when: pair},
}

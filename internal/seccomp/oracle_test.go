package seccomp

import "slices"

// oracle says again what the filter must answer, call by call, and knows
// nothing of conditions, masks and spans.
func oracle(a Arch, o Options, d data, name string) Action {
	native := uint32(0xc000003e)
	if a == ARM64 {
		native = 0xc00000b7
	}
	switch {
	case d.arch != native:
		return Kill
	case a == AMD64 && d.number != 0xffffffff && d.number&0x40000000 != 0:
		return Kill
	case d.number > 469:
		return Refuse(ENOSYS)
	}
	var arg [6]uint32
	for i, v := range d.args {
		arg[i] = uint32(v)
	}
	deny := func(yes bool, e Errno) Action {
		if yes {
			return Refuse(e)
		}
		return Allow
	}
	const (
		cloneFlags   = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
		unshareFlags = cloneFlags | 0x00000080
	)
	special := func(mode uint32) bool { return mode&0o4000 != 0 || mode&0o2000 != 0 }
	making := func(flags uint32) bool { return flags&0o100 != 0 || flags&0o20000000 != 0 }
	switch name {
	case "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl", "add_key", "request_key", "userfaultfd", "openat2":
		return Refuse(ENOSYS)
	case "clone3":
		return deny(!o.Nested, ENOSYS)
	case "setns", "mount", "umount2", "pivot_root", "move_mount", "open_tree", "open_tree_attr",
		"fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr":
		return deny(!o.Nested, EPERM)
	case "unshare":
		return deny(!o.Nested && arg[0]&unshareFlags != 0, EPERM)
	case "clone":
		return deny(!o.Nested && arg[0]&cloneFlags != 0, EPERM)
	case "pidfd_getfd", "open_by_handle_at", "bpf", "perf_event_open", "kexec_load", "kexec_file_load",
		"init_module", "finit_module", "delete_module", "swapon", "swapoff", "reboot", "acct",
		"quotactl", "quotactl_fd", "lookup_dcookie", "nfsservctl", "syslog":
		return Refuse(EPERM)
	case "prlimit64":
		return deny(arg[0] != 0, EPERM)
	case "setpriority":
		return deny(arg[0] == 1 && arg[1] == 0, EPERM)
	case "ioprio_set":
		return deny(arg[0] == 2 && arg[1] == 0, EPERM)
	case "ioctl":
		return deny(arg[1] == 0x5412 || arg[1] == 0x541c, EPERM)
	case "chmod", "fchmod", "creat", "mknod":
		return deny(special(arg[1]), EPERM)
	case "fchmodat", "fchmodat2", "mknodat":
		return deny(special(arg[2]), EPERM)
	case "open":
		return deny(making(arg[1]) && special(arg[2]), EPERM)
	case "openat":
		return deny(making(arg[2]) && special(arg[3]), EPERM)
	case "socket", "socketpair":
		return oracleSocket(o, name == "socketpair", arg[0], arg[1]%16, arg[2])
	}
	return Allow
}

// oracleSocket is the part about socket(2) and socketpair(2).
func oracleSocket(o Options, pair bool, family, kind, protocol uint32) Action {
	listed := func(f uint32) bool { return f < 256 && f != 1 && slices.Contains(o.Families, uint8(f)) }
	switch {
	case family == 1 && o.Unix:
		return Allow
	case family == 1 && pair && (kind == 1 || kind == 5):
		return Allow
	case family == 1 && pair:
		return Refuse(ESOCKTNOSUPPORT)
	case family == 1:
		return Refuse(EAFNOSUPPORT)
	case o.HostFamilies:
		return Allow
	case !listed(family):
		return Refuse(EAFNOSUPPORT)
	case family == 16 && protocol != 0:
		return Refuse(EAFNOSUPPORT)
	case family == 2 && kind == 10 && !listed(17):
		return Refuse(EAFNOSUPPORT)
	case (family == 2 || family == 10) && protocol == 256 && !listed(43):
		return Refuse(EPROTONOSUPPORT)
	}
	return Allow
}

package plan_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// constants are the kernel's, by the names that plans print. Those that x/sys
// does not have are taken from the headers that the comments name.
var constants = map[string]uint64{
	"NULL": 0,
	"~0U":  0xffffffff,

	"PR_SET_PDEATHSIG": unix.PR_SET_PDEATHSIG, "PR_GET_PDEATHSIG": unix.PR_GET_PDEATHSIG,
	"PR_GET_SECCOMP": unix.PR_GET_SECCOMP, "PR_CAPBSET_READ": unix.PR_CAPBSET_READ, "PR_CAPBSET_DROP": unix.PR_CAPBSET_DROP,
	"PR_GET_SECUREBITS": unix.PR_GET_SECUREBITS, "PR_SET_SECUREBITS": unix.PR_SET_SECUREBITS,
	"PR_SET_NO_NEW_PRIVS": unix.PR_SET_NO_NEW_PRIVS, "PR_GET_NO_NEW_PRIVS": unix.PR_GET_NO_NEW_PRIVS,
	"PR_CAP_AMBIENT": unix.PR_CAP_AMBIENT, "PR_CAP_AMBIENT_IS_SET": unix.PR_CAP_AMBIENT_IS_SET,
	"PR_CAP_AMBIENT_RAISE": unix.PR_CAP_AMBIENT_RAISE, "PR_CAP_AMBIENT_CLEAR_ALL": unix.PR_CAP_AMBIENT_CLEAR_ALL,

	"AT_FDCWD": uint64(unix.AT_FDCWD & (1<<64 - 1)), "AT_EMPTY_PATH": unix.AT_EMPTY_PATH,
	"O_RDONLY": unix.O_RDONLY, "O_WRONLY": unix.O_WRONLY, "O_CLOEXEC": unix.O_CLOEXEC,
	"AF_UNIX": unix.AF_UNIX, "AF_INET": unix.AF_INET, "AF_NETLINK": unix.AF_NETLINK,
	"SOCK_STREAM": unix.SOCK_STREAM, "SOCK_RAW": unix.SOCK_RAW, "SOCK_CLOEXEC": unix.SOCK_CLOEXEC, "SOCK_NONBLOCK": unix.SOCK_NONBLOCK,
	"NETLINK_ROUTE": unix.NETLINK_ROUTE, "MSG_DONTWAIT": unix.MSG_DONTWAIT,
	"SOL_SOCKET": unix.SOL_SOCKET, "SO_SNDTIMEO": unix.SO_SNDTIMEO,
	"MS_NOSUID": unix.MS_NOSUID, "MS_NODEV": unix.MS_NODEV, "MS_NOEXEC": unix.MS_NOEXEC,
	"MS_REC": unix.MS_REC, "MS_PRIVATE": unix.MS_PRIVATE,
	"CLONE_VM": unix.CLONE_VM, "CLONE_PARENT_SETTID": unix.CLONE_PARENT_SETTID, "CLONE_NEWNET": unix.CLONE_NEWNET,
	"CLONE_PARENT": unix.CLONE_PARENT, "CLONE_NEWUSER": unix.CLONE_NEWUSER, "CLONE_NEWNS": unix.CLONE_NEWNS, "CLONE_NEWPID": unix.CLONE_NEWPID,
	"CLONE_NEWIPC": unix.CLONE_NEWIPC, "CLONE_NEWUTS": unix.CLONE_NEWUTS, "CLONE_NEWCGROUP": unix.CLONE_NEWCGROUP, "CLONE_NEWTIME": unix.CLONE_NEWTIME,
	"PR_SET_DUMPABLE": unix.PR_SET_DUMPABLE, "PR_GET_DUMPABLE": unix.PR_GET_DUMPABLE, "O_NONBLOCK": unix.O_NONBLOCK,
	"CLOSE_RANGE_CLOEXEC": unix.CLOSE_RANGE_CLOEXEC,
	"SIGKILL":             uint64(unix.SIGKILL), "SIGCHLD": uint64(unix.SIGCHLD), "SIG_SETMASK": unix.SIG_SETMASK,
	"KEYCTL_GET_KEYRING_ID": unix.KEYCTL_GET_KEYRING_ID, "KEYCTL_JOIN_SESSION_KEYRING": unix.KEYCTL_JOIN_SESSION_KEYRING,
	"KEY_SPEC_SESSION_KEYRING": uint64(unix.KEY_SPEC_SESSION_KEYRING & (1<<64 - 1)),
	"RLIMIT_NOFILE":            unix.RLIMIT_NOFILE, "RLIMIT_CORE": unix.RLIMIT_CORE, "RLIMIT_AS": unix.RLIMIT_AS,
	"PR_SET_SECCOMP": unix.PR_SET_SECCOMP, "SECCOMP_MODE_FILTER": unix.SECCOMP_MODE_FILTER,

	"MS_RDONLY": unix.MS_RDONLY, "MNT_DETACH": unix.MNT_DETACH,
	"MOUNT_ATTR_NOSUID": unix.MOUNT_ATTR_NOSUID, "MOUNT_ATTR_NODEV": unix.MOUNT_ATTR_NODEV,
	"FSOPEN_CLOEXEC": unix.FSOPEN_CLOEXEC, "FSMOUNT_CLOEXEC": unix.FSMOUNT_CLOEXEC,
	"FSCONFIG_SET_STRING": unix.FSCONFIG_SET_STRING, "FSCONFIG_CMD_CREATE": unix.FSCONFIG_CMD_CREATE,
	"OPEN_TREE_CLONE": unix.OPEN_TREE_CLONE, "MOVE_MOUNT_F_EMPTY_PATH": unix.MOVE_MOUNT_F_EMPTY_PATH, "MOVE_MOUNT_T_EMPTY_PATH": unix.MOVE_MOUNT_T_EMPTY_PATH,
	"AT_SYMLINK_NOFOLLOW": unix.AT_SYMLINK_NOFOLLOW, "AT_RECURSIVE": unix.AT_RECURSIVE, "AT_STATX_DONT_SYNC": unix.AT_STATX_DONT_SYNC,
	"O_RDWR": unix.O_RDWR, "O_CREAT": unix.O_CREAT, "O_EXCL": unix.O_EXCL, "0600": 0o600,
	"AF_INET6": unix.AF_INET6, "SOCK_DGRAM": unix.SOCK_DGRAM, "MSG_NOSIGNAL": unix.MSG_NOSIGNAL,
	"IPC_PRIVATE": unix.IPC_PRIVATE, "IPC_NOWAIT": 0o4000, "IPC_RMID": unix.IPC_RMID, "SHM_RDONLY": unix.SHM_RDONLY,
	"KEYCTL_UNLINK": unix.KEYCTL_UNLINK, "KEYCTL_READ": unix.KEYCTL_READ, "TIOCSTI": unix.TIOCSTI, "TIOCLINUX": 0x541c,
	"O_PATH": unix.O_PATH, "STATX_TYPE": unix.STATX_TYPE, "STATX_MODE": unix.STATX_MODE, "STATX_INO": unix.STATX_INO, "STATX_UID": unix.STATX_UID, "STATX_GID": unix.STATX_GID, "S_IFREG": unix.S_IFREG,

	// linux/securebits.h: each bit with its lock.
	"NOROOT": 1<<0 | 1<<1, "NO_SETUID_FIXUP": 1<<2 | 1<<3, "NO_CAP_AMBIENT_RAISE": 1<<6 | 1<<7, "locks": 0,

	"PTRACE_SEIZE": unix.PTRACE_SEIZE, "PTRACE_INTERRUPT": unix.PTRACE_INTERRUPT, "PTRACE_DETACH": unix.PTRACE_DETACH, "__WALL": unix.WALL,
	"SIGIO": uint64(unix.SIGIO), "SIGVTALRM": uint64(unix.SIGVTALRM), "SIGPWR": uint64(unix.SIGPWR), "SIGALRM": uint64(unix.SIGALRM),
	"RLIMIT_FSIZE": unix.RLIMIT_FSIZE,
	"exit_group":   252, // syscall_32.tbl
	"FD_NSFS_ROOT": uint64(unix.FD_NSFS_ROOT & (1<<64 - 1)), "SIOCGSKNS": unix.SIOCGSKNS,

	"<proc>": 43, "-1": 1<<64 - 1,
	"<victim>": 47, "<hostsocket>": 48,
	"<gate>": 40, "<status>": 41, "<reaper>": 42, "<hostnet>": 43, // Host.FDBase and what follows
}

var errnos = map[string]int{
	"EAGAIN": int(unix.EAGAIN), "EEXIST": int(unix.EEXIST), "EADDRNOTAVAIL": int(unix.EADDRNOTAVAIL),
}

// TestConstants compares every name that a plan prints with its number.
func TestConstants(t *testing.T) {
	met := 0
	for _, c := range plans {
		for _, h := range hosts {
			l := built(t, c.policy(t), c.on(h.host), c.options)
			for i := range l.Ops {
				met += checkConstants(t, &l.Ops[i])
			}
		}
	}
	if met < 1000 {
		t.Errorf("met only %d constants", met)
	}
}

// checkConstants looks at every named number of an op, and says how many it has.
func checkConstants(t *testing.T, o *plan.Op) (met int) {
	t.Helper()
	if o.Call == plan.DeedCompareNamespaces || o.Call == plan.DeedStartTimer {
		return 0 // their arguments are kinds, words and times
	}
	for _, a := range slices.Concat(o.Args, o.Each) {
		if a.Kind == plan.ArgValue && a.Name != "" {
			met++
			checkConstant(t, o.Name, a)
		}
	}
	for _, e := range o.Expect.Accept {
		if errnos[e.Name] != e.Number {
			t.Errorf("op %q: %s is %d, want %d", o.Name, e.Name, e.Number, errnos[e.Name])
		}
	}
	return met
}

func checkConstant(t *testing.T, op string, a plan.Arg) {
	t.Helper()
	var want uint64
	for _, name := range strings.Split(a.Name, "|") {
		if c, ok := caps.ParseName(name); ok {
			want |= uint64(c)
			continue
		}
		n, ok := constants[name]
		if bits, err := strconv.ParseUint(name, 8, 32); err == nil && name[0] == '0' {
			n, ok = bits, true // permission bits
		}
		if !ok {
			t.Errorf("op %q: this test does not know %q", op, name)
		}
		want |= n
	}
	if a.Value != want {
		t.Errorf("op %q: %s is %#x, want %#x", op, a.Name, a.Value, want)
	}
}

// TestCloneFlags compares the plan's flags with x/sys's.
func TestCloneFlags(t *testing.T) {
	want := [ns.Count]uintptr{
		ns.User: unix.CLONE_NEWUSER, ns.Network: unix.CLONE_NEWNET, ns.Mount: unix.CLONE_NEWNS, ns.PID: unix.CLONE_NEWPID,
		ns.IPC: unix.CLONE_NEWIPC, ns.UTS: unix.CLONE_NEWUTS, ns.Cgroup: unix.CLONE_NEWCGROUP,
	}
	for k := range want {
		p := bundled(t, "audit-only")
		p.Namespaces[k] = 0 // new
		if ns.Kind(k) == ns.PID {
			p.Namespaces[ns.Mount] = 0
			want[k] |= unix.CLONE_NEWNS
		}
		if l := built(t, p, root(), plan.Options{}); l.Flags != want[k] {
			t.Errorf("%s: %#x, want %#x", ns.Kind(k), l.Flags, want[k])
		}
	}
}

package host

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// Explanation says why this host refused something, and what to do.
type Explanation struct{ Cause, Help string }

// ExplainClone says why a process with the namespaces in flags could not be
// made. noClone3 tells that clone3(2) gave ENOSYS, which kernels have not done
// since 5.3 but containers' filters do.
//
// Source: clone(2), user_namespaces(7), and what containers and distributions
// were seen to answer.
func ExplainClone(errno unix.Errno, flags uintptr, noClone3 bool) Explanation {
	switch errno {
	case unix.ENOSPC:
		return explainCounts(flags)
	case unix.EAGAIN:
		return Explanation{
			"the limit on processes is reached (RLIMIT_NPROC, or a pids control group)",
			"end some processes, or raise `ulimit -u`",
		}
	case unix.EPERM, unix.EACCES:
		return explainRefusal(noClone3)
	case unix.EINVAL:
		return Explanation{"this kernel does not know one of these namespaces", "use Linux 5.9 or newer"}
	}
	return Explanation{errno.Error(), "this is not an answer that clone(2) documents: look into the kernel's log"}
}

// explainCounts: a limit of zero, or 32 nested user namespaces.
func explainCounts(flags uintptr) Explanation {
	for _, k := range ns.All() {
		if flags&k.CloneFlag() == 0 {
			continue
		}
		name := "user.max_" + k.Link() + "_namespaces"
		if value, err := sysctl(name); err == nil && value == "0" {
			return Explanation{
				"this host allows no " + k.String() + " namespaces: " + name + " is 0",
				"as root: sysctl -w " + name + "=15000",
			}
		}
	}
	return Explanation{
		"a limit on namespaces is reached: user.max_*_namespaces, here or in a user namespace around this one, or 32 nested user namespaces",
		"look at `sysctl -a | grep max_.*_namespaces`, and run fewer jails inside each other; bwrap: without --disable-userns",
	}
}

// explainRefusal: EPERM has many fathers; the first that is seen is named.
func explainRefusal(noClone3 bool) Explanation {
	switch {
	case noClone3 && filtered():
		return Explanation{
			"the seccomp filter of this container forbids new user namespaces",
			"allow them for this container (Docker: --security-opt seccomp=unconfined, or a profile that allows clone and clone3); in a jail of netjail's: `nestedUserNamespaces: allow`",
		}
	case is("kernel.unprivileged_userns_clone", "0"):
		return Explanation{
			"kernel.unprivileged_userns_clone is 0: ordinary users may make no user namespaces",
			"as root: sysctl -w kernel.unprivileged_userns_clone=1",
		}
	case is("kernel.apparmor_restrict_unprivileged_userns", "1"):
		return Explanation{
			"AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1)",
			"install a profile for netjail with `userns,`, or as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
		}
	case uint32(unix.Getuid()) == overflowID():
		return Explanation{"netjail's own user id is not mapped in its user namespace", "map it, or run netjail outside that namespace"}
	case filtered():
		return Explanation{
			"a seccomp filter that netjail runs under forbids new namespaces",
			"run netjail outside that sandbox, or let it make user namespaces",
		}
	}
	return Explanation{
		"the kernel does not let this user make a user namespace; in a chroot it never does (clone(2), EPERM)",
		"run netjail outside a chroot, and look for a security module's message in the kernel's log",
	}
}

// filtered says whether netjail itself runs under a seccomp filter.
func filtered() bool {
	mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0)
	return err == nil && mode == 2
}

// ErrNoSysctl says that this kernel does not have a setting.
var ErrNoSysctl = errors.New("no such setting")

// sysctl reads a kernel setting by its dotted name.
func sysctl(name string) (string, error) {
	text, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	if os.IsNotExist(err) {
		return "", ErrNoSysctl
	}
	return strings.TrimSpace(string(text)), err
}

func is(name, value string) bool {
	got, err := sysctl(name)
	return err == nil && got == value
}

// overflowID is what an unmapped user id reads as.
func overflowID() uint32 {
	if text, err := sysctl("kernel.overflowuid"); err == nil {
		if n, err := strconv.ParseUint(text, 10, 32); err == nil {
			return uint32(n)
		}
	}
	return 65534
}

// ExplainStep says why a step of the child failed, where the errno alone would
// mislead; an errno of 0 is a result that is none. ok is false where there is
// nothing to add.
func ExplainStep(name string, errno unix.Errno) (e Explanation, ok bool) {
	switch {
	case name == "stdio.terminal":
		return Explanation{
			"there is no new pseudo-terminal to be had from /dev/ptmx",
			"mount a devpts with a ptmx at /dev/pts, or write `process: {terminal: host}`, which leaves the command the caller's terminal",
		}, true
	case name == "terminal.open":
		return Explanation{
			"the jail's own /dev/pts gives no terminal: the host's limit on them is reached (kernel.pty.max), or a security module forbids it",
			"close some terminals, or as root: raise `sysctl kernel.pty.max`; `process: {terminal: host}` leaves the command the caller's",
		}, true
	case name == "landlock.restrict" && errno == unix.E2BIG:
		return Explanation{
			"netjail runs in 16 Landlock domains already, and the kernel nests no more (landlock(7))",
			"run it outside some of those sandboxes",
		}, true
	case strings.HasPrefix(name, "stdio.reopen."):
		return Explanation{
			"the terminal cannot be opened again for reading or for writing alone: it belongs to another user, as after su, or is not there",
			"start netjail on a terminal of this user's own (`script -qc 'netjail …' /dev/null`), with no terminal, or write `process: {terminal: host}`",
		}, true
	case strings.HasPrefix(name, "maps.") && errno == unix.EROFS:
		return Explanation{
			"/proc is read-only here, and the maps of a user namespace are written there",
			"let the sandbox around netjail mount a /proc of its own (bwrap: --proc /proc)",
		}, true
	case name == "net.socket" && errno == unix.EAFNOSUPPORT:
		return Explanation{
			"a seccomp filter that netjail runs under has no AF_NETLINK, without which no interface can be set or read",
			"let the sandbox around netjail have that family (in a jail of netjail's: `sockets: {families: [netlink]}`)",
		}, true
	case strings.HasPrefix(name, "mount.") && errno == unix.ENOSYS && filtered():
		return Explanation{
			"a seccomp filter that netjail runs under hides a call that mounts: every jail of netjail's hides openat2, whose modes no filter can read",
			"run netjail outside that sandbox or, in a jail with `nestedUserNamespaces: allow`, with a profile that mounts nothing, such as `minimal`",
		}, true
	case strings.HasPrefix(name, "maps.") && errno == unix.EPERM:
		return Explanation{
			"the kernel refused the map: the ids are not the caller's own, or a security module forbids it",
			"look at `netjail plan` for the map that was written, and at user_namespaces(7) for what may be mapped",
		}, true
	case name == plan.TimeoutOp && errno == unix.EAGAIN:
		return Explanation{
			"the kernel gives the caller no more timers: each counts as a signal that waits (RLIMIT_SIGPENDING)",
			"raise `ulimit -i`, or write `process: {timeout: none}`",
		}, true
	case name == plan.JoinOp:
		return explainKeyring(errno)
	case strings.HasPrefix(name, "join."), strings.HasPrefix(name, "pid."):
		return explainJoin(name, errno)
	case (name == "ids.gid" || name == "ids.uid") && errno == unix.EINVAL:
		return Explanation{
			"the user namespace that is joined has no id 0, as which a command of root's would run there",
			"run netjail as the user whose jail it is, or join one of root's",
		}, true
	case (strings.HasPrefix(name, "mount.") || strings.HasPrefix(name, "loopback.")) && (errno == unix.EPERM || errno == unix.EACCES):
		if is("kernel.apparmor_restrict_unprivileged_userns", "1") {
			return Explanation{
				"AppArmor takes the capabilities away inside the new user namespace (kernel.apparmor_restrict_unprivileged_userns is 1)",
				"install a profile for netjail with `userns,`, or as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
			}, true
		}
	}
	return explainMount(name, errno)
}

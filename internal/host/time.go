package host

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// timeExec is the first Linux on which execve(2) moves a process into the time
// namespace that it has unshared, and clone(2) with CLONE_VM is allowed in
// between. Before it only a fork did, so that the command itself stayed outside.
var timeExec = [2]int{6, 3}

// timeWhy says why the command cannot get a time namespace of its own, or
// nothing.
func timeWhy() string {
	if err := unix.Access("/proc/self/ns/time_for_children", unix.F_OK); err != nil {
		return "this kernel has no time namespaces (CONFIG_TIME_NS)"
	}
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "the kernel's release cannot be read: " + err.Error()
	}
	return timeWhyOn(unix.ByteSliceToString(name.Release[:]))
}

// timeWhyOn is timeWhy for a kernel that has time namespaces.
func timeWhyOn(release string) string {
	var major, minor int
	if _, err := fmt.Sscanf(release, "%d.%d", &major, &minor); err != nil {
		return fmt.Sprintf("the kernel's release, %q, does not begin with a version", release)
	}
	if major > timeExec[0] || major == timeExec[0] && minor >= timeExec[1] {
		return ""
	}
	return fmt.Sprintf("on this kernel, %s, execve(2) does not enter a time namespace: that takes Linux %d.%d", release, timeExec[0], timeExec[1])
}

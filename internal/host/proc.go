package host

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// ProcError says that /proc does not tell about netjail's own processes.
type ProcError struct{ Explanation }

func (e *ProcError) Error() string { return "read /proc: it does not tell about netjail itself" }

// ownProc demands that /proc is that of netjail's own pid namespace, in which it is
// process pid. A sandbox that makes a pid namespace and leaves the old /proc in
// place shows other processes under the numbers of its own, and everything that
// netjail reads would be about them.
//
// Source: pid_namespaces(7), "/proc and PID namespaces".
func ownProc(pid int) error {
	var buffer [20]byte
	n, err := unix.Readlink("/proc/self", buffer[:])
	const help = "mount a new /proc in the sandbox around netjail (bwrap: --proc /proc; unshare: --mount-proc)"
	switch {
	case err != nil:
		return &ProcError{Explanation{"nothing is mounted there that says which process this is: " + err.Error(), help}}
	case string(buffer[:n]) != strconv.Itoa(pid):
		return &ProcError{Explanation{
			"it is that of another pid namespace, in which netjail is process " + string(buffer[:n]) + " and not " + strconv.Itoa(pid), help,
		}}
	}
	return nil
}

package sys

import "golang.org/x/sys/unix"

// LandlockABI is the version of Landlock that the kernel has, 0 for none: it lacks
// it, it was not chosen at boot, or a filter hides it.
//
// Source: landlock_create_ruleset(2), LANDLOCK_CREATE_RULESET_VERSION.
func LandlockABI() int {
	n, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(n)
}

package sys

import "golang.org/x/sys/unix"

// What Shares compares: KCMP_FILES and KCMP_FS of kcmp(2).
const (
	SharedFiles = 2 // the table of descriptors
	SharedPlace = 3 // root, working directory and umask
)

// Shares says whether two threads have the same table. It is false, too, where
// kcmp(2) does not tell.
func Shares(a, b, what int) bool {
	n, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(a), uintptr(b), uintptr(what), 0, 0, 0)
	return errno == 0 && n == 0
}

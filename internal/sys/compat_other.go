//go:build !amd64

package sys

// HasCompat says whether a process of this architecture can make 32-bit calls
// without another program.
const HasCompat = false

// compat is not to be had: ENOSYS.
//
//go:nosplit
func compat(_, _ uintptr) int64 { return -38 }

//go:build !amd64

package sys

import "golang.org/x/sys/unix"

// HasLoop says whether this architecture has the assembly loop.
const HasLoop = false

func cloneAndLoop(*cloneArgs, uintptr, uintptr, *uint64, *uint64) int64 { return -int64(unix.ENOSYS) }

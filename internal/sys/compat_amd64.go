package sys

// HasCompat says whether a process of this architecture can make 32-bit calls
// without another program.
const HasCompat = true

// compat makes a 32-bit system call of one argument, by int 0x80; a negative result
// is -errno. Where the kernel has no such calls the process gets SIGSEGV.
//
//go:noescape
func compat(nr, arg uintptr) int64

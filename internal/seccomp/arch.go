package seccomp

import "runtime"

// Arch is a machine whose system calls the table knows.
type Arch uint8

// The architectures, in the order of call.number.
const (
	AMD64 Arch = iota
	ARM64
)

// Host is the architecture of this program; false where there is no table for
// it.
func Host() (Arch, bool) {
	switch runtime.GOARCH {
	case "amd64":
		return AMD64, true
	case "arm64":
		return ARM64, true
	}
	return 0, false
}

// String is the name that Go gives the architecture.
func (a Arch) String() string {
	if a == ARM64 {
		return "arm64"
	}
	return "amd64"
}

// audit is AUDIT_ARCH_* of linux/audit.h: what seccomp_data.arch holds for a
// call of the machine's own 64-bit kind. A 32-bit call has another.
func (a Arch) audit() uint32 {
	if a == ARM64 {
		return 0xc00000b7
	}
	return 0xc000003e
}

// x32 is the bit of an amd64 number that selects the x32 table
// (asm/unistd.h, __X32_SYSCALL_BIT).
const x32 = 0x40000000

// Last is the highest system call of the release that the table was written
// for, Linux 6.18: file_setattr. Newer kernels have more, and nobody has yet
// decided about those.
const Last = 469

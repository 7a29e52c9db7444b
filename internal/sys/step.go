package sys

// Step is one system call of a Program, laid out as loop_amd64.s reads it:
// 128 bytes, every offset a multiple of eight.
type Step struct {
	NR   uint64    // 0: the number of the call, or a pseudo call below
	Args [6]uint64 // 8
	Load uint64    // 56: bit i set: Args[i] is the address of the word to pass
	Test uint64    // 64: one of the Test constants
	Want uint64    // 72: for TestEqual
	// Accept holds up to two results of the form -errno that count as success;
	// 0 is none.
	Accept [2]int64 // 80
	// Branch is the address of the Step to go on with when the result is
	// greater than 0; 0 is none. It is how the two sides of a fork part.
	Branch uint64 // 96
	Result int64  // 104: what the call returned: -errno on failure
	Done   uint64 // 112: 1 once the call returned
	_      uint64 // 120
}

// StepSize is the size of a Step in bytes.
const StepSize = 128

// What the result of a Step must be.
const (
	TestOK    = iota // not an errno, or an accepted one
	TestEqual        // equal to Want
	TestAny          // anything
)

// Pseudo calls: numbers that no kernel uses.
const (
	// NRWord has as its result the int32 at the address in Args[0],
	// sign-extended: it looks into what an earlier call wrote, such as the
	// error field of a netlink acknowledgement.
	NRWord = 1 << 62
	// NRNop has the result 0 and does nothing. Tests put it in the place of a
	// call, as a kernel that claims success would.
	NRNop = 1<<62 + 1
	// NRSame has as its result 0 where the struct statx at the address in Args[0]
	// is of the file whose device, inode and type are the three words at the
	// address in Args[1], and else which of them differs first, from 1. The device
	// is as struct statx has it: the major number in the low half.
	NRSame = 1<<62 + 2
	// NRCompat is a 32-bit call (int 0x80, amd64): its number is Args[0], and its
	// one argument Args[1]. Where the kernel has none, whoever makes it is ended.
	NRCompat = 1<<62 + 4
)

// Offsets in struct statx of linux/stat.h, and what of its mode is the type.
const (
	statxMode   = 28
	statxInode  = 32
	statxDevice = 136
	typeOfMode  = 0xf000 // S_IFMT
)

// Header stands before the first Step.
type Header struct {
	First  uint64 // 0: address of the first Step
	Failed uint64 // 8: address of the Step that failed; 0 for none
	TID    uint64 // 16: written by the kernel (CLONE_PARENT_SETTID); 0 before
	Exit   uint64 // 24: number of exit_group(2)
	_      [4]uint64
}

// HeaderSize is the size of a Header in bytes.
const HeaderSize = 64

package seccomp

// Instruction is struct sock_filter of linux/filter.h. Jumps count the
// instructions that are skipped.
type Instruction struct {
	Op     uint16
	Jt, Jf uint8
	K      uint32
}

// Size is the length of an instruction in the form of Bytes.
const Size = 8

// The operations that the filter uses (linux/bpf_common.h). All are among those
// which the kernel's cache of always allowed calls can follow (kernel/seccomp.c,
// seccomp_is_const_allow), as long as only the number and the architecture are
// loaded: an allowed call then runs no filter at all.
const (
	opLoad  = 0x20 // BPF_LD|BPF_W|BPF_ABS: a word of struct seccomp_data
	opAnd   = 0x54 // BPF_ALU|BPF_AND|BPF_K
	opJump  = 0x05 // BPF_JMP|BPF_JA
	opEqual = 0x15 // BPF_JMP|BPF_JEQ|BPF_K
	opAbove = 0x25 // BPF_JMP|BPF_JGT|BPF_K
	opFrom  = 0x35 // BPF_JMP|BPF_JGE|BPF_K
	opBits  = 0x45 // BPF_JMP|BPF_JSET|BPF_K
	opRet   = 0x06 // BPF_RET|BPF_K
)

// Offsets in struct seccomp_data (linux/seccomp.h).
const (
	offNumber = 0
	offArch   = 4
	offArgs   = 16
)

// Bytes is the program in memory order of both architectures, little-endian, as
// struct sock_fprog points to it.
func Bytes(program []Instruction) []byte {
	b := make([]byte, 0, Size*len(program))
	for _, i := range program {
		b = append(b,
			byte(i.Op), byte(i.Op>>8), i.Jt, i.Jf,
			byte(i.K), byte(i.K>>8), byte(i.K>>16), byte(i.K>>24))
	}
	return b
}

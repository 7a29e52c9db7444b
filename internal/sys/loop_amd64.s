#include "textflag.h"

// Offsets in Step.
#define NR 0
#define ARG0 8
#define ARG1 16
#define ARG2 24
#define ARG3 32
#define ARG4 40
#define ARG5 48
#define LOAD 56
#define TEST 64
#define WANT 72
#define ACCEPT0 80
#define ACCEPT1 88
#define BRANCH 96
#define RESULT 104
#define DONE 112
#define SIZE 128

// Offsets in Header.
#define FIRST 0
#define FAILED 8
#define TID 16
#define EXIT 24

// Offsets in struct statx, and the type's bits in its mode.
#define STATX_MODE 28
#define STATX_INODE 32
#define STATX_DEVICE 136
#define S_IFMT 0xf000

#define SYS_clone3 435
#define SYS_rt_sigprocmask 14
#define SIG_SETMASK 2

// func cloneAndLoop(args *cloneArgs, size, header uintptr, all, old *uint64) int64
//
// All signals are blocked around the clone, so that the child, which has
// netjail's memory and no handlers, starts with all of them blocked. Block,
// clone and unblock are one function because the Go scheduler may move a
// goroutine to another thread between any two.
//
// The child never returns from here. It shares this thread's stack, which is
// why it must not touch it: the loop keeps everything in registers, R12 the
// Step and R13 the Header, which system calls preserve.
TEXT ·cloneAndLoop(SB), NOSPLIT|NOFRAME, $0-48
	MOVL $SYS_rt_sigprocmask, AX
	MOVL $SIG_SETMASK, DI
	MOVQ all+24(FP), SI
	MOVQ old+32(FP), DX
	MOVL $8, R10
	SYSCALL
	MOVQ args+0(FP), DI
	MOVQ size+8(FP), SI
	MOVQ header+16(FP), R13
	MOVQ FIRST(R13), R12
	MOVL $SYS_clone3, AX
	SYSCALL
	TESTQ AX, AX
	JNZ  parent
	// Zero is the child, if the kernel made one: then it has also written the
	// child's id. A filter that only claims success has not, and this is the
	// parent still.
	CMPQ TID(R13), $0
	JNE  next
	MOVQ $-4096, AX
parent:
	MOVQ AX, ret+40(FP)
	MOVL $SYS_rt_sigprocmask, AX
	MOVL $SIG_SETMASK, DI
	MOVQ old+32(FP), SI
	XORL DX, DX
	MOVL $8, R10
	SYSCALL
	RET

next:
	MOVQ NR(R12), AX
	MOVQ ARG0(R12), DI
	MOVQ ARG1(R12), SI
	MOVQ ARG2(R12), DX
	MOVQ ARG3(R12), R10
	MOVQ ARG4(R12), R8
	MOVQ ARG5(R12), R9
	MOVQ LOAD(R12), BX
	TESTQ BX, BX
	JZ   pseudo
	BTQ  $0, BX
	JCC  load1
	MOVQ (DI), DI
load1:
	BTQ  $1, BX
	JCC  load2
	MOVQ (SI), SI
load2:
	BTQ  $2, BX
	JCC  load3
	MOVQ (DX), DX
load3:
	BTQ  $3, BX
	JCC  load4
	MOVQ (R10), R10
load4:
	BTQ  $4, BX
	JCC  load5
	MOVQ (R8), R8
load5:
	BTQ  $5, BX
	JCC  pseudo
	MOVQ (R9), R9

pseudo:
	BTQ  $62, AX
	JCC  call
	BTQ  $0, AX
	JCS  nop
	BTQ  $1, AX
	JCS  same
	BTQ  $2, AX
	JCS  thirtytwo
	MOVLQSX (DI), AX
	JMP  judge
same:
	MOVL $1, AX
	MOVQ STATX_DEVICE(DI), BX
	CMPQ BX, (SI)
	JNE  judge
	MOVL $2, AX
	MOVQ STATX_INODE(DI), BX
	CMPQ BX, 8(SI)
	JNE  judge
	MOVL $3, AX
	MOVWLZX STATX_MODE(DI), BX
	ANDL $S_IFMT, BX
	CMPQ BX, 16(SI)
	JNE  judge
nop:
	XORL AX, AX
	JMP  judge
thirtytwo:
	// The table of i386: the number in EAX, the first argument in EBX.
	MOVL DI, AX
	MOVL SI, BX
	INT  $0x80
	MOVLQSX AX, AX
	JMP  judge
call:
	SYSCALL

judge:
	MOVQ AX, RESULT(R12)
	MOVQ $1, DONE(R12)
	MOVQ TEST(R12), BX
	CMPQ BX, $1
	JHI  good
	JEQ  equal
	CMPQ AX, $-4095
	JCS  good
	CMPQ AX, ACCEPT0(R12)
	JEQ  good
	CMPQ AX, ACCEPT1(R12)
	JEQ  good
	JMP  bad
equal:
	CMPQ AX, WANT(R12)
	JNE  bad

good:
	MOVQ BRANCH(R12), BX
	TESTQ BX, BX
	JZ   advance
	TESTQ AX, AX
	JLE  advance
	MOVQ BX, R12
	JMP  next
advance:
	ADDQ $SIZE, R12
	JMP  next

bad:
	MOVQ R12, FAILED(R13)
	MOVL $255, DI
	MOVQ EXIT(R13), AX
	SYSCALL
	JMP  bad

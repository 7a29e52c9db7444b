#include "textflag.h"

#define SYS_read 0
#define SYS_write 1
#define SYS_wait4 61
#define SYS_prctl 157
#define SYS_exit_group 231

// reaperCode is the program of pid 1, copied into an ELF file by reaperImage.
// It is never called. It uses its own stack, descriptor 0 (the status channel)
// and nothing else; its protocol is described at Reap, its twin in Go.
TEXT ·reaperCode(SB), NOSPLIT|NOFRAME, $0
	MOVQ 16(SP), R14 // argv[1]
	MOVBLZX (R14), R14 // the command
	SUBQ $64, SP
	// "r": here I am, look at me.
	MOVQ $0x72, 0(SP)
	MOVL $SYS_write, AX
	XORL DI, DI
	MOVQ SP, SI
	MOVL $1, DX
	SYSCALL
	// The answer, or the end.
	MOVL $SYS_read, AX
	XORL DI, DI
	MOVQ SP, SI
	MOVL $1, DX
	SYSCALL
	CMPQ AX, $1
	JNE  exit
	// PR_SET_DUMPABLE 0: no process of the jail may look into this one.
	MOVL $SYS_prctl, AX
	MOVL $4, DI
	XORL SI, SI
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	SYSCALL
	TESTQ AX, AX
	JNE  exit
	// "d" and what PR_GET_DUMPABLE says: done.
	MOVL $SYS_prctl, AX
	MOVL $3, DI
	SYSCALL
	MOVQ $0x64, 0(SP)
	MOVB AX, 1(SP)
	MOVL $SYS_write, AX
	XORL DI, DI
	MOVQ SP, SI
	MOVL $2, DX
	SYSCALL
wait:
	MOVL $SYS_wait4, AX
	MOVQ $-1, DI
	MOVQ SP, SI
	MOVL $10, DX // WUNTRACED|WCONTINUED
	XORL R10, R10
	SYSCALL
	CMPQ AX, $-4 // EINTR
	JEQ  wait
	CMPQ AX, $0
	JLT  exit
	TESTQ R14, R14 // told no number: it has no other child
	JEQ  tell
	CMPQ AX, R14
	JNE  wait
tell:
	MOVL $SYS_write, AX
	XORL DI, DI
	MOVQ SP, SI
	MOVL $4, DX
	SYSCALL
	MOVL 0(SP), CX
	CMPL CX, $0xffff // continued
	JEQ  wait
	ANDL $0x7f, CX
	CMPL CX, $0x7f // stopped
	JEQ  wait
exit:
	XORL DI, DI
	MOVL $SYS_exit_group, AX
	SYSCALL
	JMP  exit
	// reaperEnd, where the copy stops.
	BYTE $0x0f; BYTE $0x0b; BYTE $'n'; BYTE $'e'; BYTE $'t'; BYTE $'j'; BYTE $'a'; BYTE $'i'; BYTE $'l'

// func reaperAddress() uintptr
TEXT ·reaperAddress(SB), NOSPLIT, $0-8
	LEAQ ·reaperCode(SB), AX
	MOVQ AX, ret+0(FP)
	RET

#include "textflag.h"

#define SYS_rt_sigaction 13
#define SYS_prlimit64 302
#define RLIMIT_NOFILE 7

// func getNoFile(l *Limit) int64
TEXT ·getNoFile(SB), NOSPLIT, $0-16
	MOVL $SYS_prlimit64, AX
	XORL DI, DI
	MOVL $RLIMIT_NOFILE, SI
	XORL DX, DX
	MOVQ l+0(FP), R10
	SYSCALL
	MOVQ AX, ret+8(FP)
	RET

// _netjail_entry is the program's entry point when it is linked with
// -E _netjail_entry: it reads every signal's disposition, then starts the Go
// runtime exactly as the usual entry point would. The stack holds argc and argv
// and is used below them only.
TEXT _netjail_entry(SB), NOSPLIT|NOFRAME, $0
	XORL R15, R15
	MOVL $1, R14
again:
	MOVL $SYS_rt_sigaction, AX
	MOVL R14, DI
	XORL SI, SI
	LEAQ -64(SP), DX
	MOVL $8, R10
	SYSCALL
	TESTQ AX, AX
	JNE  skip
	CMPQ -64(SP), $1 // SIG_IGN
	JNE  skip
	LEAL -1(R14), CX
	MOVL $1, BX
	SHLQ CX, BX
	ORQ  BX, R15
skip:
	INCL R14
	CMPL R14, $64
	JLT  again
	MOVL $1, BX
	SHLQ $63, BX
	ORQ  BX, R15
	MOVQ R15, ·ignored(SB)
	JMP  _rt0_amd64_linux(SB)

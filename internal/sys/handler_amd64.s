#include "textflag.h"

#define SYS_write 1
#define SYS_rt_sigreturn 15

// signalHandler is a handler as sigaction(2) calls it with SA_SIGINFO: DI is the
// signal, SI its siginfo_t. It writes a signalEvent to the pipe and returns to
// signalRestorer. It runs on whatever thread the kernel chose, without the Go
// runtime.
TEXT ·signalHandler(SB), NOSPLIT|NOFRAME, $0
	MOVL 8(SI), AX // si_code
	SHLQ $32, AX
	MOVL DI, CX
	ORQ  CX, AX
	SUBQ $8, SP
	MOVQ AX, 0(SP)
	MOVLQSX ·signalPipe(SB), DI
	MOVQ SP, SI
	MOVL $8, DX
	MOVL $SYS_write, AX
	SYSCALL
	ADDQ $8, SP
	RET

TEXT ·signalRestorer(SB), NOSPLIT|NOFRAME, $0
	MOVL $SYS_rt_sigreturn, AX
	SYSCALL
	INT  $3

// func handlerAddresses() (handler, restorer uintptr)
TEXT ·handlerAddresses(SB), NOSPLIT, $0-16
	LEAQ ·signalHandler(SB), AX
	MOVQ AX, handler+0(FP)
	LEAQ ·signalRestorer(SB), AX
	MOVQ AX, restorer+8(FP)
	RET

#include "textflag.h"

// func compat(nr, arg uintptr) int64
//
// The 32-bit entry takes the number in EAX and the first argument in EBX; its
// result is 32 bits wide (arch/x86/entry/entry_64_compat.S).
TEXT ·compat(SB), NOSPLIT, $0-24
	MOVQ nr+0(FP), AX
	MOVQ arg+8(FP), BX
	INT  $0x80
	MOVLQSX AX, AX
	MOVQ AX, ret+16(FP)
	RET

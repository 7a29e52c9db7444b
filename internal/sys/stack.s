//go:build amd64 || arm64

#include "textflag.h"

// func GrowStack()
TEXT ·GrowStack(SB), 0, $32768-0
	RET

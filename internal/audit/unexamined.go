package audit

// channels are the rows of the security model's tables that no rule covers. A
// row goes when its rule comes: a test holds the two lists apart.
var channels = [...]Channel{
	// Sockets and system calls beyond what the filter's probes try.
	{"seccomp.i386", "32-bit system calls", "the filter kills whoever makes one; int 0x80 and the x32 table are not tried at the start"},
}

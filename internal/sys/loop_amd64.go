package sys

// HasLoop says whether this architecture has the assembly loop.
const HasLoop = true

// cloneAndLoop calls clone3(2) with args and lets the child run the Program
// behind header. Its result is clone3's, or lied.
//
//go:noescape
func cloneAndLoop(args *cloneArgs, size uintptr, header uintptr) int64

package sys

// HasLoop says whether this architecture has the assembly loop.
const HasLoop = true

// cloneAndLoop blocks the signals in all, calls clone3(2) with args, lets the
// child run the Program behind header, and sets the mask back to old, which it
// has filled. Its result is clone3's, or lied.
//
//go:noescape
func cloneAndLoop(args *cloneArgs, size, header uintptr, all, old *uint64) int64

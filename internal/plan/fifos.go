package plan

import "github.com/netjail/netjail/internal/ns"

// The attempts to open Options.Baits.FIFOs to write, and Options.Baits.Memory to
// read and write. The control makes a file of the child's own, where it has a
// directory in memory; else it opens /proc/self/stat, which every jail has.
const (
	FactFIFOs       Fact = "attempt.fifo"     // openat(2): results, each a descriptor
	FactShm         Fact = "attempt.shm"      // openat(2): result, a descriptor
	FactOpenControl Fact = "attempt.open.own" // openat(2): result, a descriptor
)

// Flags of open(2); amd64 and arm64 agree on these.
var (
	oRdonly   = named("O_RDONLY", 0)
	oWronly   = named("O_WRONLY", 1)
	oRdwr     = named("O_RDWR", 2)
	oCreat    = named("O_CREAT", 0o100)
	oExcl     = named("O_EXCL", 0o200)
	oNonblock = named("O_NONBLOCK", 0o4000)
)

const filesKey = "filesystem.root"

// reachFIFOs tries to open each FIFO to write, which needs a reader: netjail is
// one. Behind an overlay the same inode has another pipe, which nobody reads.
func (b *builder) reachFIFOs() {
	paths := b.options.Baits.FIFOs
	if len(paths) == 0 || !b.policy.New(ns.Mount) && !b.joins(ns.Mount) {
		return
	}
	b.openOwn()
	names := make([]Arg, len(paths))
	for i, p := range paths {
		names[i] = str(p)
	}
	b.baitEach("fifo", "openat", filesKey, FactFIFOs, names, atFDCWD, each, flags(oWronly, oNonblock, oCloexec), num(0))
	b.baitEach("fifo.close", "close", filesKey, "", results("fifo", len(paths)), each)
}

// reachMemory tries to open netjail's file in /dev/shm, and to write the token to
// it.
func (b *builder) reachMemory() {
	path := b.options.Baits.Memory
	if path == "" || !b.policy.New(ns.Mount) && !b.joins(ns.Mount) {
		return
	}
	token := b.options.Baits.Token
	if len(b.options.Baits.FIFOs) == 0 {
		b.openOwn()
	}
	b.bait("shm", "openat", filesKey, FactShm, atFDCWD, str(path), flags(oRdwr, oCloexec), num(0))
	b.bait("shm.write", "write", filesKey, "", result("attempt.shm"), raw(token, "token"), num(len(token)))
	b.bait("shm.close", "close", filesKey, "", result("attempt.shm"))
}

// openOwn is the control.
func (b *builder) openOwn() {
	dir := b.ownDirectory()
	if dir == "" {
		dir, path := b.inProc("self/stat")
		b.bait("open.own", "openat", filesKey, FactOpenControl, dir, path, flags(oRdonly, oCloexec), num(0))
		b.bait("open.own.close", "close", filesKey, "", result("attempt.open.own"))
		return
	}
	path := dir + "/." + b.ownName() + "-file"
	b.bait("open.own", "openat", filesKey, FactOpenControl, atFDCWD, str(path), flags(oRdwr, oCreat, oExcl, oCloexec), named("0600", 0o600))
	b.bait("open.own.close", "close", filesKey, "", result("attempt.open.own"))
	b.bait("open.own.remove", "unlinkat", filesKey, "", atFDCWD, str(path), num(0))
}

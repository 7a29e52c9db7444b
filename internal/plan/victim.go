package plan

import "strconv"

// Victim is a process of netjail's own outside the jail, for the attempts on host
// processes. It holds nothing of value, and what reaches it is told by itself and
// by /proc.
type Victim struct {
	// PID is its number in netjail's pid namespace.
	PID int
	// Word is the address of VictimWord in its memory. Mark is that of two such
	// words that it never writes to: the attempts write VictimMark to the first by
	// process_vm_writev(2) and to the second by /proc/PID/mem.
	Word, Mark uint64
	// FD is a descriptor that it has open.
	FD int
	// Limit is a RLIMIT_FSIZE that it does not have and that its own user may set.
	Limit Limit
}

// Words of eight bytes in the victim's memory: what it holds, and what the
// attempts write.
const (
	VictimWord = "netjail."
	VictimMark = "reached."
)

// Handle is a handle of a namespace, as name_to_handle_at(2) gives it.
type Handle struct {
	Type  int32
	Bytes []byte
}

// Try is an attempt on the victim, or on netjail's namespaces, by the word that a
// report has for it.
type Try string

// The attempts. Those that are handed something get a descriptor of the host's
// which the command never has, and every capability of the new user namespace.
const (
	TryTrace        Try = "ptrace"
	TryVMRead       Try = "process_vm_readv"
	TryVMWrite      Try = "process_vm_writev"
	TryMem          Try = "/proc/PID/mem"
	TryLinks        Try = "/proc/PID/fd, root, cwd, exe"
	TryEnviron      Try = "/proc/PID/environ"
	TryNet          Try = "/proc/PID/net/tcp"
	TryKill         Try = "kill"
	TryTgkill       Try = "tgkill"
	TryPidfdSignal  Try = "pidfd_send_signal"
	TryHandedSignal Try = "pidfd_send_signal by a pidfd that was handed over"
	TryGetfd        Try = "pidfd_getfd"
	TryHandedGetfd  Try = "pidfd_getfd by a pidfd that was handed over"
	TryLimitRead    Try = "prlimit, reading"
	TryLimitWrite   Try = "prlimit, writing"
	TrySetns        Try = "setns by a pidfd"
	TryHandle       Try = "open_by_handle_at"
	TrySocket       Try = "SIOCGSKNS"
)

// FactTry is the attempt: result, 0 or more where it worked. FactTryOpen is what
// has to be opened for it, and FactTryControl the same call on something of the
// jail's own.
func FactTry(t Try) Fact        { return "try." + Fact(t) }
func FactTryOpen(t Try) Fact    { return "try.open." + Fact(t) }
func FactTryControl(t Try) Fact { return "try.control." + Fact(t) }

// The signals that the attempts send: the Go runtime, in which the victim runs,
// leaves them blocked where they are (runtime/sigtab_linux_generic.go).
const (
	SignalKill   = 29 // SIGIO
	SignalTgkill = 26 // SIGVTALRM
	SignalPidfd  = 30 // SIGPWR
	SignalHanded = 14 // SIGALRM
)

// rlimitFsize is RLIMIT_FSIZE: the victim writes no file.
var rlimitFsize = named("RLIMIT_FSIZE", 1)

// tries says whether the plan holds the attempts on the victim.
func (b *builder) tries() bool { return b.options.Full && b.options.Victim != nil }

// NeedsVictim says whether the child needs FDVictim and FDHostSocket.
func (p *Plan) NeedsVictim() bool { return p.Index("attempt.handed.own") >= 0 }

// victim tries what the command could do to a process of the host's, with its own
// ids and capabilities, in its own pid namespace and with its own /proc. It stands
// before the filter, so that namespaces and ids alone decide; and before the fork,
// so that no number of the jail's is by chance the victim's.
func (b *builder) victim() {
	if !b.tries() {
		return
	}
	b.try("victim.self", "getpid", "", "namespaces.pid")
	b.tryMemory()
	b.tryFiles()
	b.trySignals()
	b.tryLimits()
	b.tryTrace()
}

// try appends one call of an attempt.
func (b *builder) try(name, call string, fact Fact, key string, args ...Arg) {
	b.attempt(name, call, fact, args...)
	b.last().Key, b.last().Why = key, "a way to a process of the host's that must be shut"
}

// tryOut is try for a call that fills a buffer of size bytes, where out() stands.
func (b *builder) tryOut(name, call string, fact Fact, key string, size int, args ...Arg) {
	b.try(name, call, fact, key, args...)
	b.last().Out = size
}

// tryClose closes what an attempt opened, if it did.
func (b *builder) tryClose(name, key string) {
	b.try(name+".close", "close", "", key, result("attempt."+name))
}

func (b *builder) victimPID() Arg { return num(b.options.Victim.PID) }

// victimFile is a path below the victim's directory in /proc, as inProc gives it.
func (b *builder) victimFile(name string) (dir, path Arg) {
	return b.inProc(strconv.Itoa(b.options.Victim.PID) + "/" + name)
}

const userKey, pidKey = "namespaces.user", "namespaces.pid"

// iovec is an array of one struct iovec of eight bytes.
func iovec(base Arg, text string) Arg {
	return Arg{Kind: ArgWords, Block: &Block{Words: []Arg{base, num(len(VictimWord))}, Text: "{" + text + ", 8}"}}
}

// tryMemory reads and writes the victim's memory.
func (b *builder) tryMemory() {
	v, own := b.options.Victim, result("attempt.victim.self")
	word, mark := raw([]byte(VictimWord), strconv.Quote(VictimWord)), raw([]byte(VictimMark), strconv.Quote(VictimMark))
	read := func(name string, fact Fact, pid, from Arg) {
		b.tryOut(name, "process_vm_readv", fact, userKey, 8, pid, iovec(out(), "buf"), num(1), iovec(from, "there"), num(1), num(0))
	}
	read("victim.read.control", FactTryControl(TryVMRead), own, word)
	read("victim.read", FactTry(TryVMRead), b.victimPID(), num64(v.Word))
	write := func(name string, fact Fact, pid, to Arg) {
		b.try(name, "process_vm_writev", fact, userKey, pid, iovec(mark, VictimMark), num(1), iovec(to, "there"), num(1), num(0))
	}
	write("victim.write.control", FactTryControl(TryVMWrite), own, outOf("attempt.victim.read.control", 0))
	write("victim.write", FactTry(TryVMWrite), b.victimPID(), num64(v.Mark))
	dir, path := b.victimFile("mem")
	b.try("victim.mem", "openat", FactTryOpen(TryMem), userKey, dir, path, flags(named("O_RDWR", 2), named("O_CLOEXEC", 0o2000000)))
	b.try("victim.mem.write", "pwrite64", FactTry(TryMem), userKey, result("attempt.victim.mem"), mark, num(len(VictimMark)), num64(v.Mark+uint64(len(VictimMark))))
	b.tryClose("victim.mem", userKey)
}

// tryFiles looks at what /proc has of the victim.
func (b *builder) tryFiles() {
	const longest = 256
	readOnly := flags(named("O_RDONLY", 0), named("O_CLOEXEC", 0o2000000))
	dir, path := b.inProc("self/root")
	b.tryOut("victim.links.control", "readlinkat", FactTryControl(TryLinks), userKey, longest, dir, path, out(), num(longest))
	b.tryOut("victim.links", "readlinkat", FactTry(TryLinks), userKey, longest, dir, each, out(), num(longest))
	for _, name := range [...]string{"fd/" + strconv.Itoa(b.options.Victim.FD), "root", "cwd", "exe"} {
		_, path = b.victimFile(name)
		b.last().Each = append(b.last().Each, path)
	}
	_, path = b.victimFile("environ")
	b.try("victim.environ", "openat", FactTry(TryEnviron), userKey, dir, path, readOnly)
	b.tryClose("victim.environ", userKey)
	_, path = b.inProc("self/net/tcp")
	b.try("victim.net.control", "openat", FactTryControl(TryNet), pidKey, dir, path, readOnly)
	b.tryClose("victim.net.control", pidKey)
	_, path = b.victimFile("net/tcp")
	b.try("victim.net", "openat", FactTryOpen(TryNet), pidKey, dir, path, readOnly)
	b.tryOut("victim.net.read", "read", FactTry(TryNet), pidKey, longest, result("attempt.victim.net"), out(), num(longest))
	b.tryClose("victim.net", pidKey)
}

// trySignals sends the victim signals, and takes a descriptor of its, by its
// number. The controls of what takes a pidfd are those of the one that is handed
// over.
func (b *builder) trySignals() {
	own, pid, pidfd := result("attempt.victim.self"), b.victimPID(), result("attempt.victim.pidfd")
	b.try("victim.kill.control", "kill", FactTryControl(TryKill), pidKey, own, num(0))
	b.try("victim.kill", "kill", FactTry(TryKill), pidKey, pid, named("SIGIO", SignalKill))
	b.try("victim.tgkill.control", "tgkill", FactTryControl(TryTgkill), pidKey, own, own, num(0))
	b.try("victim.tgkill", "tgkill", FactTry(TryTgkill), pidKey, pid, pid, named("SIGVTALRM", SignalTgkill))
	b.try("victim.pidfd", "pidfd_open", FactTryOpen(TryPidfdSignal), pidKey, pid, num(0))
	b.try("victim.signal", "pidfd_send_signal", FactTry(TryPidfdSignal), pidKey, pidfd, named("SIGPWR", SignalPidfd), null, num(0))
	b.try("victim.getfd", "pidfd_getfd", FactTry(TryGetfd), userKey, pidfd, num(b.options.Victim.FD), num(0))
	b.tryClose("victim.getfd", userKey)
	b.tryClose("victim.pidfd", pidKey)
}

// tryLimits reads and sets a resource limit of the victim's.
func (b *builder) tryLimits() {
	const size = 16 // struct rlimit64
	l := b.options.Victim.Limit
	limit := append(wordBytes(l.Soft), wordBytes(l.Hard)...)
	b.tryOut("victim.limit.control", "prlimit64", FactTryControl(TryLimitRead), pidKey, size, result("attempt.victim.self"), rlimitFsize, null, out())
	b.tryOut("victim.limit", "prlimit64", FactTry(TryLimitRead), pidKey, size, b.victimPID(), rlimitFsize, null, out())
	b.try("victim.limit.set", "prlimit64", FactTry(TryLimitWrite), pidKey, b.victimPID(), rlimitFsize, raw(limit, "{"+strconv.FormatUint(l.Soft, 10)+", "+strconv.FormatUint(l.Hard, 10)+"}"), null)
}

// tryTrace begins to trace the victim. Should that work, what follows stops it,
// which is what a detachment takes, and lets it go; otherwise none of it finds a
// process to act on.
func (b *builder) tryTrace() {
	pid := b.victimPID()
	b.try("victim.trace", "ptrace", FactTry(TryTrace), userKey, named("PTRACE_SEIZE", 0x4206), pid, null, null)
	b.try("victim.trace.stop", "ptrace", "", userKey, named("PTRACE_INTERRUPT", 0x4207), pid, null, null)
	b.try("victim.trace.wait", "wait4", "", userKey, pid, null, named("__WALL", 0x40000000), null)
	b.try("victim.trace.end", "ptrace", "", userKey, named("PTRACE_DETACH", 17), pid, null, null)
}

// num64 is an address or a word of another process's.
func num64(n uint64) Arg { return Arg{Value: n} }

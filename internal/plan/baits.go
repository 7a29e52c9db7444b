package plan

// TokenSize is the length of Baits.Token.
const TokenSize = 16

// Baits are what netjail has made on the host, beside Options.Listener and
// Options.Unix, for the attempts of a full audit to reach.
type Baits struct {
	// Token is what an attempt writes into what it reaches: TokenSize bytes
	// that nobody else knows.
	Token []byte
	// Services are listeners on the addresses of netjail's network namespace.
	Services []Service
	// SysV are objects of System V IPC; nil for none.
	SysV *SysV
	// Queue is the name of a POSIX message queue, without the slash; empty for none.
	Queue string
	// FIFOs are paths of FIFOs that netjail reads.
	FIFOs []string
	// Memory is the path of a file in /dev/shm; empty for none.
	Memory string
	// Key is the description of a key that netjail makes while the child waits, in
	// its own session keyring; empty for none.
	Key string
}

// bait appends one call of an attempt at a bait, for the key that shuts it out.
func (b *builder) bait(name, call, key string, fact Fact, args ...Arg) *Op {
	b.child(Op{
		Name: "attempt." + name, Call: call, Args: args, Expect: anything(), Fact: fact,
		Key: key, Why: "something of the host's that must be out of reach",
	})
	return b.last()
}

// baitEach is bait for several calls alike.
func (b *builder) baitEach(name, call, key string, fact Fact, values []Arg, args ...Arg) {
	b.bait(name, call, key, fact, args...).Each = values
}

// results are the results of n calls of an attempt, as arguments.
func results(name string, n int) []Arg {
	list := make([]Arg, n)
	for i := range list {
		list[i] = resultAt("attempt."+name, i)
	}
	return list
}

// reachBaits tries to reach what netjail has made on the host. It stands where
// reachUnix does, for the same reasons: before the filter, so that namespaces,
// mounts and keyrings alone decide, and before the capabilities go.
func (b *builder) reachBaits() {
	if !b.options.Full || b.options.Baits == nil {
		return
	}
	b.reachServices()
	b.reachSysV()
	b.reachQueue()
	b.reachFIFOs()
	b.reachMemory()
}

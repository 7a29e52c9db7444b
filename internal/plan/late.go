package plan

// GateLate is the gate at which the child, behind its mounts, waits for what
// netjail makes only then. Its answer is longer: behind the four bytes comes the
// number of the key of Options.Baits, 0 for none, as an int32.
var GateLate = Gate{"late", "LATE"}

// FactLateKey is that number as the child has got it: result.
const FactLateKey Fact = "late.key"

// DeedLate makes what is to be made after the child has its mounts: the second
// set of unix sockets, and the key.
const DeedLate = "make-late-baits"

// lateKeyOp is the name of the op whose result is the number of netjail's key.
const lateKeyOp = "late.key"

// late lets netjail make the second set: what came into being behind the start is
// to be as far out of reach as what was there before.
func (b *builder) late() {
	if !b.options.Full || !b.options.Late {
		return
	}
	b.gate("late", GateLate, "netjail now makes what comes into being behind the start")
	b.parent(Op{
		Name: "late.make", Call: DeedLate, Key: "audit", Why: "unix sockets that are bound behind the start, and a key of netjail's",
	})
	b.child(Op{
		Name: lateKeyOp, Call: Word, Args: []Arg{outOf("late.wait", 4)}, Expect: anything(), Fact: FactLateKey, Key: "process.keyring",
		Why: "the number of the key that netjail has made, 0 for none",
	})
}

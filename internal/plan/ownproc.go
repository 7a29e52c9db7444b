package plan

import "github.com/netjail/netjail/internal/ns"

// procOp opens the /proc of netjail's own pid namespace. It stands before anything
// is joined.
const procOp = "proc.open"

// procFD is the place of that descriptor while the tree is made, which closes what
// it does not know. The attempts with FDHostNet, whose place it is before, are over.
const procFD = FDHostNet

// strangeProc says whether the /proc that the child comes to see is not one in which
// it finds itself, or may be anything: that of a pid namespace which it has yet to
// enter, or what somebody else has mounted in a joined mount namespace.
func (b *builder) strangeProc() bool {
	return b.joins(ns.Mount) || b.joins(ns.PID) && b.policy.New(ns.Mount)
}

// openProc opens netjail's own /proc, where the child will see another.
func (b *builder) openProc() {
	if !b.strangeProc() {
		return
	}
	b.child(Op{
		Name: procOp, Call: "openat", Key: "namespaces",
		Args: []Arg{atFDCWD, str("/proc"), flags(named("O_PATH", 0o10000000), oCloexec)},
		Why:  "what the child says of itself it reads there: where it will be, /proc is another's",
	})
}

// keepProc gives it a number that the tree does not close.
func (b *builder) keepProc() {
	if !b.strangeProc() {
		return
	}
	at := b.procFD()
	b.child(Op{
		Name: "proc.keep", Call: "dup3", Key: "namespaces", Args: []Arg{result(procOp), at, oCloexec}, Expect: equal(int64(at.Value)),
		Why: "it is needed until the last reading",
	})
	b.child(Op{Name: procOp + ".close", Call: "close", Key: "namespaces", Args: []Arg{result(procOp)}, Why: "it has served"})
	b.procKept = true
}

// closeProc closes it: a directory of the host's is a way out.
func (b *builder) closeProc() {
	if !b.strangeProc() {
		return
	}
	b.child(Op{
		Name: "proc.close", Call: "close", Key: "namespaces", Args: []Arg{b.procFD()}, Why: "a directory of the host's must not stay open",
	})
}

func (b *builder) procFD() Arg { return named("<proc>", b.fd(procFD).Value) }

// inProc is a file of /proc as the two arguments of a call that takes a directory and
// a path.
func (b *builder) inProc(name string) (dir, path Arg) {
	switch {
	case !b.strangeProc():
		return atFDCWD, str("/proc/" + name)
	case b.procKept:
		return b.procFD(), str(name)
	}
	return result(procOp), str(name)
}

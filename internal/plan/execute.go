package plan

import (
	"encoding/binary"
	"strconv"
)

// ExecOp is the name of the plan's last op.
const ExecOp = "execve"

// ExecTryOp begins the names of those before it that try other files.
const ExecTryOp = "execve.try."

// release is the gate at which netjail judges everything.
func (b *builder) release() {
	b.gate("release", GateRelease, "the audit decides now: a refusal means that the command never ran")
	b.timeout()
	b.parent(Op{
		Name: "audit", Call: DeedAudit, Key: "audit.mode", Why: "from outside: what the kernel says the child is",
	})
}

// execute gives back what the Go runtime changed in netjail, and becomes the
// command.
func (b *builder) execute() {
	for n := 1; n < 64; n++ {
		if b.host.Ignored>>(n-1)&1 == 1 {
			b.ignore(n)
		}
	}
	b.child(Op{
		Name: "restore.mask", Call: "rt_sigprocmask",
		Args: []Arg{named("SIG_SETMASK", 2), raw(wordBytes(b.host.Blocked), "0x"+strconv.FormatUint(b.host.Blocked, 16)), null, num(8)},
		Why:  "all signals were blocked while the child shared netjail's memory",
	})
	for i, path := range b.command.Before {
		b.child(Op{
			Name: ExecTryOp + strconv.Itoa(i), Call: "execve", Expect: anything(),
			Args: []Arg{str(path), vector(b.command.Argv), b.environment()},
			Why:  "the command, if it is there",
		})
	}
	b.child(Op{
		Name: ExecOp, Call: "execve",
		Args: []Arg{str(b.command.Path), vector(b.command.Argv), b.environment()},
		Why:  "the command",
	})
}

// environment hides values from print: they may be secrets.
func (b *builder) environment() Arg {
	a := vector(b.command.Env)
	a.Block.Text = "[" + strconv.Itoa(len(b.command.Env)) + " variables]"
	return a
}

// ignore gives a signal back the disposition that netjail was started with.
func (b *builder) ignore(n int) {
	action := make([]byte, 32) // struct kernel_sigaction
	action[0] = 1              // SIG_IGN
	b.child(Op{
		Name: "restore.signal." + strconv.Itoa(n), Call: "rt_sigaction",
		Args: []Arg{num(n), raw(action, "SIG_IGN"), null, num(8)},
		Why:  "it was ignored when netjail was started",
	})
}

func wordBytes(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }

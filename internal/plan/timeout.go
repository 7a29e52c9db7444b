package plan

// TimeoutOp is the name of the op that begins the command's time.
const TimeoutOp = "timeout"

// timeout begins the command's time, right before the audit lets it go.
func (b *builder) timeout() {
	t := b.policy.Process.Timeout
	if t == 0 {
		return
	}
	b.parent(Op{
		Name: TimeoutOp, Call: DeedStartTimer, Key: "process.timeout", Args: []Arg{named(t.String(), uint64(t))},
		Why: "when it is over the command is ended; it wakes netjail too where that was stopped",
	})
}

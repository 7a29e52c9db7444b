package plan

// AsideLost is the exit status of a process aside that came past everything that
// was to end it. It is not the low byte of an errno with which unshare(2) answers.
const AsideLost = 254

// Aside says whether ops of this actor are those of a process that the child makes
// and waits for, with a copy of its memory: they stand in between the child's, which
// goes on behind them.
func (a Actor) Aside() bool { return a == Doomed || a == Helper }

// MakesAside says whether an op makes such a process. The ops behind it that are that
// one's are not the child's.
func MakesAside(op string) bool { return makesDoomed(op) || op == ProcForkOp }

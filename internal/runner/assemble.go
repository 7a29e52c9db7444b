package runner

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// program is a plan's child half, ready for the kernel.
type program struct {
	*sys.Program
	plan *plan.Plan
	// step is for each op of the plan the index of its first Step, -1 for a deed
	// of the parent's; op is the way back from every Step.
	step, op []int
	// out is for each op the place of its buffer, -1 for none.
	out []int
}

// assemble turns the ops into Steps: netjail's own that the child's refer to, the
// child's in order, then those of the processes that stay behind where one becomes
// two. A stage does not share
// netjail's memory, so its fork must not share the stage's either.
func assemble(p *plan.Plan, stage bool) (*program, error) {
	a := &program{plan: p, step: make([]int, len(p.Ops)), out: make([]int, len(p.Ops))}
	var err error
	if stage {
		a.Program, err = sys.NewSharedProgram(steps(p), dataSize(p))
	} else {
		a.Program, err = sys.NewProgram(steps(p), dataSize(p))
	}
	if err != nil {
		return nil, err
	}
	for i := range p.Ops {
		a.step[i], a.out[i] = -1, -1
	}
	for _, actor := range [...]plan.Actor{plan.Ahead, plan.Child, plan.PID1, plan.Joiner} {
		if actor == plan.Child {
			a.Begin(a.Len())
		}
		if err := a.addList(actor, stage); err != nil {
			a.Close()
			return nil, err
		}
	}
	return a, nil
}

// addList adds the Steps of one actor and lets the forks branch there at which it
// stays behind.
func (a *program) addList(actor plan.Actor, stage bool) error {
	start := a.Len()
	for i := range a.plan.Ops {
		o := &a.plan.Ops[i]
		if o.Actor == actor && o.Call != plan.DeedMakeUsers {
			if err := a.addOp(i, stage); err != nil {
				return err
			}
			if plan.MakesAside(o.Name) {
				if err := a.addAside(i, stage); err != nil {
					return err
				}
			}
		}
		if a.step[i] >= 0 && staysBehind(o.Name) == actor {
			a.Step(a.step[i]).Branch = a.StepAddress(start)
		}
	}
	return a.addEnd()
}

// addAside adds the Steps of the process that op maker makes, in between the
// child's, which goes on behind them. They end with one that ends the process: it
// must not run on into the child's, whatever it does not die of.
func (a *program) addAside(maker int, stage bool) error {
	for i := maker + 1; i < len(a.plan.Ops) && a.plan.Ops[i].Actor.Aside(); i++ {
		if err := a.addOp(i, stage); err != nil {
			return err
		}
	}
	if err := a.addStep(-1, sys.Step{NR: unix.SYS_EXIT_GROUP, Args: [6]uint64{plan.AsideLost}}); err != nil {
		return err
	}
	a.Step(a.step[maker]).Branch = a.StepAddress(a.Len())
	return nil
}

// staysBehind says which list goes on in the process that makes another; for an op
// that makes none it is nobody's.
func staysBehind(op string) plan.Actor {
	switch op {
	case plan.ForkOp:
		return plan.PID1
	case plan.JoinForkOp, plan.JoinCloneOp, plan.EnterOp:
		return plan.Joiner
	}
	return plan.Parent
}

// addEnd closes a list of Steps with one that always fails: a plan whose last op
// is not an execve must not run on into whatever comes behind.
func (a *program) addEnd() error {
	return a.addStep(-1, sys.Step{NR: sys.NRNop, Test: sys.TestEqual, Want: 1})
}

// steps is how many Steps a plan takes at the most: one for each call, and the
// end of each list and of each process aside.
func steps(p *plan.Plan) int {
	n := 4
	for i := range p.Ops {
		n += p.Ops[i].Calls()
		if plan.MakesAside(p.Ops[i].Name) {
			n++
		}
	}
	return n
}

// dataSize is enough for every buffer and argument, each rounded up to eight
// bytes.
func dataSize(p *plan.Plan) int {
	n := 0
	for i := range p.Ops {
		o := &p.Ops[i]
		n += o.Out + 8
		for _, args := range [2][]plan.Arg{o.Args, o.Each} {
			for j := range args {
				n += argSize(&args[j])
			}
		}
	}
	return n
}

// nodeSize is what an ArgNode takes.
const nodeSize = 3 * 8

func argSize(a *plan.Arg) int {
	if a.Kind == plan.ArgString {
		return len(a.Name) + 9
	}
	if a.Block == nil {
		return 0
	}
	n := len(a.Block.Data) + 8*len(a.Block.Words) + nodeSize + 16
	for i := range a.Block.Words {
		n += argSize(&a.Block.Words[i])
	}
	return n
}

func (a *program) addOp(i int, stage bool) error {
	o := &a.plan.Ops[i]
	s := sys.Step{Want: uint64(o.Expect.Want)}
	var err error
	if s.NR, err = number(o); err != nil {
		return err
	}
	s.Test = uint64(o.Expect.Mode) // the modes are the tests, see TestModes
	for k, e := range o.Expect.Accept {
		s.Accept[k] = -int64(e.Number)
	}
	if o.Out > 0 {
		if _, a.out[i], err = a.Reserve(o.Out); err != nil {
			return err
		}
		poison(a.Data(a.out[i], o.Out))
	}
	for k := range o.Args {
		if err = a.place(&s, i, k, &o.Args[k]); err != nil {
			return err
		}
	}
	if stage {
		a.adapt(&s, o)
	}
	a.step[i] = a.Len()
	if len(o.Each) == 0 {
		return a.addStep(i, s)
	}
	return a.addEach(i, s)
}

// addEach appends a Step for each call of op i: s, with what changes from call
// to call in its places.
func (a *program) addEach(i int, s sys.Step) error {
	o := &a.plan.Ops[i]
	values := o.Each
	for range o.Calls() {
		used := 0
		for k := range o.Args {
			if o.Args[k].Kind != plan.ArgEach {
				continue
			}
			if err := a.place(&s, i, k, &values[used]); err != nil {
				return err
			}
			used++
		}
		values = values[max(1, used):]
		if err := a.addStep(i, s); err != nil {
			return err
		}
	}
	return nil
}

// place puts x where the Step of op i has its argument k.
func (a *program) place(s *sys.Step, i, k int, x *plan.Arg) (err error) {
	s.Load &^= 1 << k
	if x.Kind == plan.ArgResult {
		s.Load |= 1 << k
	}
	s.Args[k], err = a.arg(i, x)
	return err
}

func (a *program) addStep(op int, s sys.Step) error {
	_, err := a.Add(s)
	a.op = append(a.op, op)
	return err
}

const cloneVM = 0x100 // CLONE_VM of linux/sched.h

// adapt makes a step fit for the stage. Its fork must not share the stage's
// memory.
func (a *program) adapt(s *sys.Step, o *plan.Op) {
	if o.Name == plan.ForkOp {
		s.Args[0] &^= cloneVM
	}
}

func number(o *plan.Op) (uint64, error) {
	switch {
	case o.Call == plan.Word:
		return sys.NRWord, nil
	case o.Call == plan.Pretend:
		return sys.NRNop, nil
	case o.Call == plan.SameFile:
		return sys.NRSame, nil
	case o.Call == plan.Compat:
		return sys.NRCompat, nil
	case o.Number > 0:
		return uint64(o.Number), nil
	}
	nr, ok := sys.Number(o.Call)
	if !ok {
		return 0, fmt.Errorf("assemble the plan: unknown system call %q", o.Call)
	}
	return nr, nil
}

// arg is the value, or the address of the data, of one argument of op i.
func (a *program) arg(i int, x *plan.Arg) (uint64, error) {
	switch x.Kind {
	case plan.ArgBytes:
		addr, _, err := a.Put(x.Block.Data)
		return addr, err
	case plan.ArgString:
		addr, _, err := a.PutString(x.Name)
		return addr, err
	case plan.ArgOut:
		return a.DataAddress(a.out[i]) + x.Value, nil
	case plan.ArgOutOf, plan.ArgResult, plan.ArgArgOf:
		j := a.before(i, x.Name)
		if j < 0 {
			return 0, fmt.Errorf("assemble the plan: op %q refers to %q, which is not before it", a.plan.Ops[i].Name, x.Name)
		}
		if x.Kind == plan.ArgResult {
			return a.result(i, j, x)
		}
		if x.Kind == plan.ArgArgOf {
			return a.Step(a.step[j]).Args[x.Value], nil
		}
		return a.DataAddress(a.out[j]) + x.Value, nil
	case plan.ArgWords:
		return a.words(i, x.Block.Words)
	case plan.ArgNode:
		return a.node(x.Block)
	}
	return x.Value, nil
}

// result is the address of what op j, or one of its calls, gave.
func (a *program) result(i, j int, x *plan.Arg) (uint64, error) {
	if calls := a.plan.Ops[j].Calls(); x.Value > uint64(calls) {
		return 0, fmt.Errorf("assemble the plan: op %q refers to call %d of %q, which is %d", a.plan.Ops[i].Name, x.Value, x.Name, calls)
	}
	return a.ResultAddress(a.step[j] + max(0, int(x.Value)-1)), nil
}

func (a *program) node(b *plan.Block) (uint64, error) {
	addr, at, err := a.Reserve(nodeSize)
	if err == nil {
		for k, word := range b.NodeWords() {
			binary.LittleEndian.PutUint64(a.Data(at, nodeSize)[8*k:], word)
		}
	}
	return addr, err
}

// before is the index of the nearest op before i that is called name, or -1.
// What an op refers to stands close before it.
func (a *program) before(i int, name string) int {
	for i--; i >= 0; i-- {
		if a.step[i] >= 0 && a.plan.Ops[i].Name == name {
			return i
		}
	}
	return -1
}

func (a *program) words(i int, words []plan.Arg) (uint64, error) {
	b := make([]byte, 0, 8*len(words))
	for k := range words {
		v, err := a.arg(i, &words[k])
		if err != nil {
			return 0, err
		}
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	addr, _, err := a.Put(b)
	return addr, err
}

// poison marks a buffer, so that a call which claims success and writes nothing
// is seen.
func poison(b []byte) {
	for i := range b {
		b[i] = plan.Poison
	}
}

// readings are the answers to the ops that carry a fact. Ops that carry the
// same fact are parts of one answer and become one reading.
func (a *program) readings() []plan.Reading {
	rs := make([]plan.Reading, 0, 48)
	for i := range a.plan.Ops {
		o := &a.plan.Ops[i]
		if o.Fact == "" || a.step[i] < 0 {
			continue
		}
		r := a.reading(i)
		if a.out[i] >= 0 {
			r.Data = a.Data(a.out[i], o.Out)
		}
		if n := len(rs); n > 0 && rs[n-1].Fact == o.Fact {
			rs[n-1] = joined(rs[n-1], r)
			continue
		}
		rs = append(rs, r)
	}
	return rs
}

// reading is the answer to op i.
func (a *program) reading(i int) plan.Reading {
	o := &a.plan.Ops[i]
	r := plan.Reading{Fact: o.Fact, Op: i, Done: true}
	if len(o.Each) > 0 {
		r.Results = make([]int64, o.Calls())
	}
	for k := range o.Calls() {
		s := a.Step(a.step[i] + k)
		r.Done = r.Done && s.Done == 1
		r.Result = s.Result
		if r.Results != nil {
			r.Results[k] = s.Result
		}
	}
	return r
}

// joined is the second receipt of a dump behind the first. A second that found
// nothing more is the usual case on kernels that end a dump in one datagram.
func joined(first, second plan.Reading) plan.Reading {
	const eagain = -11
	if second.Result == eagain || first.Result < 0 || int(first.Result) > len(first.Data) {
		return first
	}
	if second.Result < 0 || int(second.Result) > len(second.Data) || !second.Done {
		second.Op = first.Op
		return second
	}
	data := append([]byte(nil), first.Data[:first.Result]...)
	first.Data = append(data, second.Data...)
	first.Result += second.Result
	return first
}

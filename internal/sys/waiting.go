package sys

import "golang.org/x/sys/unix"

// Steps of a waiting child.
const (
	waitClose   = iota // netjail's end of the gate: while the child holds it, it hears no end
	waitUnshare        // the namespaces that the clone did not make
	waitTell           // that they are made
	waitRead           // the word to go on
	waitEnd
)

// What is said at the gate, four bytes each.
const (
	// WaitingMade is what a waiting child says when it has its namespaces.
	WaitingMade = "made"
	goOn        = "goon"
)

// NewWaiting makes the Program of a child that is made before the Program that
// it is to run: it makes the namespaces in flags (CLONE_NEW*), says so at gate,
// and waits there until Continue lets it go on. It ends when nobody holds the
// other end, mine, any longer.
func NewWaiting(flags uintptr, gate, mine int) (*Program, error) {
	p, err := NewProgram(waitEnd+1, len(WaitingMade)+len(goOn)+8)
	if err != nil {
		return nil, err
	}
	made, _, err := p.Put([]byte(WaitingMade))
	if err != nil {
		return nil, err
	}
	word, _, err := p.Reserve(len(goOn))
	if err != nil {
		return nil, err
	}
	message := func(nr int, at uint64) Step {
		return Step{NR: uint64(nr), Args: [6]uint64{uint64(gate), at, uint64(len(goOn))}, Test: TestEqual, Want: uint64(len(goOn))}
	}
	for _, s := range [...]Step{
		waitClose:   {NR: unix.SYS_CLOSE, Args: [6]uint64{uint64(mine)}},
		waitUnshare: {NR: unix.SYS_UNSHARE, Args: [6]uint64{uint64(flags)}},
		waitTell:    message(unix.SYS_WRITE, made),
		waitRead:    message(unix.SYS_READ, word),
		waitEnd:     {NR: NRNop, Test: TestEqual, Want: 1},
	} {
		if _, err := p.Add(s); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Unshared is what unshare(2) answered to the child that waits in p: 0, or an
// errno. It means something once the child has said that it waits, or has ended.
func (p *Program) Unshared() unix.Errno { return unix.Errno(-p.Step(waitUnshare).Result) }

// Continue has the child that waits in p run next, from where next begins. c is
// the other end of the gate.
//
// What next holds is in memory before the message is sent, and the child looks
// there after it has come.
func (p *Program) Continue(next *Program, c *Channel) error {
	p.Step(waitRead).Branch = next.header().First
	next.head = p.header()
	return c.Send([]byte(goOn))
}

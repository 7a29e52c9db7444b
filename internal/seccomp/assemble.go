package seccomp

// Assemble writes the program of the decision for a. The kernel checks it when
// it is loaded; Bytes gives the form in which it takes it.
//
// The program is a binary search over ranges of numbers with one answer, not a
// list of comparisons: when a filter is attached, the kernel follows it once
// for every number to find the calls that are always allowed, so its depth is
// part of every start.
func Assemble(a Arch, o Options) []Instruction {
	w := writer{o: &o, code: make([]Instruction, 0, 512)}
	w.head(a)
	var ranges [2*len(calls) + 1]span
	w.search(ranges[:split(a, &o, &ranges)])
	return w.code
}

// span is a run of numbers with one answer, up to the next span.
type span struct {
	from uint16
	call uint8 // index into calls; free when the calls are allowed
}

// free is no index of calls.
const free = 0xff

// split cuts the numbers 0 to Last into spans and says how many there are.
// Neighbours that are refused alike share one.
func split(a Arch, o *Options, out *[2*len(calls) + 1]span) int {
	var by [Last + 1]uint8 // index+1, so that zero is an allowed call
	for i := range calls {
		if n := calls[i].number[a]; n != absent && !calls[i].open(o) {
			by[n] = uint8(i) + 1
		}
	}
	n := 0
	for nr, c := range &by {
		if nr > 0 && alike(by[nr-1], c) {
			continue
		}
		out[n] = span{uint16(nr), c - 1} // 0 - 1 is free
		n++
	}
	return n
}

// alike says whether two entries of split's table get the same answer whatever
// the arguments are.
func alike(x, y uint8) bool {
	if x == y {
		return true
	}
	if x == 0 || y == 0 {
		return false
	}
	p, q := &calls[x-1], &calls[y-1]
	return p.when == always && q.when == always && p.refusal == q.refusal
}

// open says whether the options leave the call as it is, whatever its
// arguments.
func (c *call) open(o *Options) bool {
	switch c.when {
	case family, pair:
		return o.HostFamilies && o.Unix
	}
	return c.nested && o.Nested
}

// writer collects a program.
type writer struct {
	o    *Options
	code []Instruction
}

func (w *writer) emit(op uint16, k uint32, jt, jf uint8) {
	w.code = append(w.code, Instruction{Op: op, Jt: jt, Jf: jf, K: k})
}

func (w *writer) ret(a Action) { w.emit(opRet, uint32(a), 0, 0) }

// load reads the low half of an argument, which little-endian machines store
// first.
func (w *writer) load(arg uint8) { w.emit(opLoad, offArgs+8*uint32(arg), 0, 0) }

// when writes a test: where it holds, then answers.
func (w *writer) when(op uint16, k uint32, then Action) {
	w.emit(op, k, 0, 1)
	w.ret(then)
}

// unless writes a test: where it does not hold, otherwise answers.
func (w *writer) unless(op uint16, k uint32, otherwise Action) {
	w.emit(op, k, 1, 0)
	w.ret(otherwise)
}

// head refuses what the numbers below say nothing about. The architecture comes
// first: a number means nothing without it.
func (w *writer) head(a Arch) {
	w.emit(opLoad, offArch, 0, 0)
	w.unless(opEqual, a.audit(), Kill)
	w.emit(opLoad, offNumber, 0, 0)
	if a == ARM64 {
		w.when(opAbove, Last, Refuse(ENOSYS))
		return
	}
	// -1 has every bit and is no call of x32: a tracer writes it to cancel
	// one, and the kernel answers it with ENOSYS.
	w.emit(opAbove, Last, 0, 5)
	w.when(opEqual, 0xffffffff, Refuse(ENOSYS))
	w.when(opBits, x32, Kill)
	w.ret(Refuse(ENOSYS))
}

// search writes the choice among spans; the number is loaded.
func (w *writer) search(s []span) {
	if len(s) == 1 {
		w.answer(s[0].call)
		return
	}
	half := len(s) / 2
	at := len(w.code)
	w.emit(opFrom, uint32(s[half].from), 0, 0)
	w.search(s[:half])
	w.reach(at)
	w.search(s[half:])
}

// reach lets the test at the given place jump to the end of the program so far
// when it holds. A conditional jump skips at most 255 instructions; a longer
// one goes through an unconditional jump behind the test.
func (w *writer) reach(at int) {
	skip := len(w.code) - at - 1
	if skip <= 0xff {
		w.code[at].Jt = uint8(skip)
		return
	}
	w.emit(0, 0, 0, 0)
	copy(w.code[at+2:], w.code[at+1:])
	w.code[at+1] = Instruction{Op: opJump, K: uint32(skip)}
	w.code[at].Jf = 1
}

// answer writes what happens to one call, and returns on every path.
func (w *writer) answer(index uint8) {
	if index == free {
		w.ret(Allow)
		return
	}
	c := &calls[index]
	no := Refuse(c.refusal)
	switch c.when {
	case family:
		w.socket()
		return
	case pair:
		w.socketpair()
		return
	case always:
		w.ret(no)
		return
	case bits:
		w.load(c.arg)
		w.when(opBits, c.mask, no)
	case creating:
		w.load(c.arg)
		w.unless(opBits, c.mask, Allow)
		w.load(c.arg + 1)
		w.when(opBits, setID, no)
	case nonzero:
		w.load(c.arg)
		w.unless(opEqual, 0, no)
	case group:
		w.load(c.arg)
		w.unless(opEqual, c.mask, Allow)
		w.load(c.arg + 1)
		w.when(opEqual, 0, no)
	case terminal:
		w.load(c.arg)
		w.when(opEqual, tiocsti, no)
		w.when(opEqual, tioclinux, no)
	}
	w.ret(Allow)
}

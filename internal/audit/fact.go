package audit

import (
	"cmp"

	"github.com/netjail/netjail/internal/evidence"
)

// missing says why a fact is not known, and nothing where it is.
func missing[T any](f evidence.Fact[T]) string {
	if f.Known {
		return ""
	}
	why := cmp.Or(f.Why, "not read")
	if f.Source == "" {
		return why
	}
	return f.Source + ": " + why
}

// reading is one fact of one process, read up to three times.
type reading[T any] struct {
	inside, outside evidence.Fact[T]
	// after is nil where the command was not held at its first instruction. It
	// is one reading more of a fact that execve(2) leaves alone, so that it need
	// not be known, but must not contradict.
	after *evidence.Fact[T]
	same  func(a, b T) bool
	text  func(T) string
}

// fold writes to f from where the fact was seen, and what. It is false where
// that settles the finding: somebody could not tell, or two do not agree.
func (r reading[T]) fold(f *Finding) (value T, ok bool) {
	f.Side, f.Source = SideBoth, r.inside.Source+", "+r.outside.Source
	if why := cmp.Or(missing(r.inside), missing(r.outside)); why != "" {
		f.Side = oneSide(r.inside.Known, r.outside.Known)
		*f = f.unknown(why)
		return value, false
	}
	if !r.same(r.inside.Value, r.outside.Value) {
		f.Found = "inside " + r.text(r.inside.Value) + ", outside " + r.text(r.outside.Value)
		*f = f.fail(disagree)
		return value, false
	}
	if r.after == nil {
		return r.inside.Value, true
	}
	return r.foldAfter(f)
}

// foldAfter goes on with what was read at the command's first instruction.
func (r reading[T]) foldAfter(f *Finding) (value T, ok bool) {
	if !r.after.Known {
		return r.inside.Value, true
	}
	f.Source += ", " + r.after.Source
	if !r.same(r.inside.Value, r.after.Value) {
		f.Found = "before exec " + r.text(r.inside.Value) + ", after " + r.text(r.after.Value)
		*f = f.fail("execve(2) changed it")
		return value, false
	}
	return r.after.Value, true
}

// heldWith says whether a fact was read at the command's first instruction.
func heldWith[T any](c *Case, of func(*evidence.Process) evidence.Fact[T]) bool {
	after := afterFact(c, of)
	return after != nil && after.Known
}

// disagree is the note of a finding whose two sides contradict each other.
const disagree = "inside and outside disagree"

// oneSide names the side that told something.
func oneSide(inside, outside bool) Side {
	switch {
	case inside && outside:
		return SideBoth
	case inside:
		return SideInside
	case outside:
		return SideOutside
	}
	return SideNone
}

// afterFact is one fact of the process held at its first instruction, or nil.
func afterFact[T any](c *Case, of func(*evidence.Process) evidence.Fact[T]) *evidence.Fact[T] {
	if c.Evidence.AfterExec == nil {
		return nil
	}
	f := of(c.Evidence.AfterExec)
	return &f
}

func equal[T comparable](a, b T) bool { return a == b }

package plan

// Range is a range of user and group ids.
type Range struct{ First, Size uint32 }

// end is the first id behind the range, in 33 bits.
func (r Range) end() uint64 { return uint64(r.First) + uint64(r.Size) }

// Overlaps says whether two ranges have an id in common.
func (r Range) Overlaps(other Range) bool {
	return uint64(r.First) < other.end() && uint64(other.First) < r.end()
}

// Contains says whether all of another range is in this one.
func (r Range) Contains(other Range) bool {
	return r.First <= other.First && other.end() <= r.end()
}

// Claim is a range of ids that somebody has, or may take through newuidmap(1).
type Claim struct {
	Range
	Group bool // group ids
	Own   bool // a subordinate range of the caller's
	// Who has the ids, as Line of File says.
	Who, File string
	Line      int
}

// Subordinate is what /etc/subuid or /etc/subgid gives to the caller.
type Subordinate struct {
	// Ranges are disjoint, in the file's order, and hold neither 0 nor the caller's
	// own id.
	Ranges []Range
	// Why says why there are none, Help what to do.
	Why, Help string
}

// Mapper is a program that writes a map of subordinate ids for an ordinary user.
type Mapper struct {
	Path string
	// Why says why it cannot, Help what to do; empty where it can.
	Why, Help string
}

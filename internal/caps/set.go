package caps

import (
	"math/bits"
	"strings"
)

// Set is a set of capabilities, one bit each: bit n is capability n of
// linux/capability.h. The zero Set is empty. Methods return a new Set.
type Set uint64

// All is every capability of the table. A kernel may know fewer or more: Full
// gives its own.
const All Set = 1<<(Last+1) - 1

// MaxCap is the highest capability that a Set can hold.
const MaxCap Cap = 63

// Of is the set of the given capabilities.
func Of(cs ...Cap) Set {
	var s Set
	for _, c := range cs {
		s = s.Add(c)
	}
	return s
}

// Full is the set of every capability from 0 to last, the number that LastCap
// reads. A negative number gives the empty set, one above 63 gives all 64 bits.
func Full(last int) Set {
	if last < 0 {
		return 0
	}
	return ^Set(0) >> (63 - min(last, int(MaxCap)))
}

// Has says whether c is in the set.
func (s Set) Has(c Cap) bool { return s>>c&1 != 0 }

// Add is the set with c as well. A number above 63 cannot be held: it panics
// rather than being lost.
func (s Set) Add(c Cap) Set {
	if c > MaxCap {
		panic("caps: capability number above 63")
	}
	return s | 1<<c
}

// Without is the set less all of t.
func (s Set) Without(t Set) Set { return s &^ t }

// Union is what is in s or in t.
func (s Set) Union(t Set) Set { return s | t }

// Intersect is what is in both s and t.
func (s Set) Intersect(t Set) Set { return s & t }

// SubsetOf says whether t has everything that s has.
func (s Set) SubsetOf(t Set) bool { return s&^t == 0 }

// IsEmpty says whether nothing is in the set.
func (s Set) IsEmpty() bool { return s == 0 }

// Caps lists what is in the set, by number.
func (s Set) Caps() []Cap {
	list := make([]Cap, 0, bits.OnesCount64(uint64(s)))
	for ; s != 0; s &= s - 1 {
		list = append(list, Cap(bits.TrailingZeros64(uint64(s))))
	}
	return list
}

// Names lists the names of what is in the set, by number. A capability that
// the table does not know is its number, e.g. "41".
func (s Set) Names() []string {
	list := make([]string, 0, bits.OnesCount64(uint64(s)))
	for _, c := range s.Caps() {
		list = append(list, c.String())
	}
	return list
}

// String is "none", "all" for exactly the table's capabilities, or Names with
// commas between them.
func (s Set) String() string {
	switch s {
	case 0:
		return "none"
	case All:
		return "all"
	}
	return strings.Join(s.Names(), ",")
}

// Hex is the set as /proc/PID/status writes it: 16 lower-case hex digits.
func (s Set) Hex() string {
	const digits = "0123456789abcdef"
	var b [16]byte
	for i := range b {
		b[i] = digits[s>>(60-4*i)&15]
	}
	return string(b[:])
}

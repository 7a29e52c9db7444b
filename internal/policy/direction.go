package policy

// Direction says what a change of a value does to what the command may do.
type Direction uint8

// The directions. What cannot be ordered counts as looser wherever something
// depends on it: nobody can say that it is not.
const (
	Neutral      Direction = iota // nothing: a name, a description, or the same in other words
	Tighter                       // it may do less, or the same
	Looser                        // it may do more, or the same
	Incomparable                  // it may do other things
)

// String is the direction in lower case.
func (d Direction) String() string {
	switch d {
	case Tighter:
		return "tighter"
	case Looser:
		return "looser"
	case Incomparable:
		return "incomparable"
	}
	return "neutral"
}

// Loosens says whether a change in this direction needs somebody's consent.
func (d Direction) Loosens() bool { return d == Looser || d == Incomparable }

// shift is the direction of a change by what it gives and what it takes.
func shift(gains, loses bool) Direction {
	switch {
	case gains && loses:
		return Incomparable
	case gains:
		return Looser
	case loses:
		return Tighter
	}
	return Neutral
}

// and is the direction of two changes together.
func (d Direction) and(e Direction) Direction {
	if d == Incomparable || e == Incomparable {
		return Incomparable
	}
	return shift(d == Looser || e == Looser, d == Tighter || e == Tighter)
}

// reverse is the direction of what takes where d gives.
func (d Direction) reverse() Direction {
	switch d {
	case Tighter:
		return Looser
	case Looser:
		return Tighter
	}
	return d
}

// rank compares places in an order from strict to loose.
func rank[E ~uint8](a, b E) Direction { return shift(b > a, b < a) }

// loose compares what is loose where it is true.
func loose(a, b bool) Direction { return shift(b && !a, a && !b) }

// grants compares lists of which every item gives something; by says whether an
// item gives no more than a list does.
func grants[T any](a, b []T, by func(T, []T) bool) Direction {
	return shift(!covers(a, b, by), !covers(b, a, by))
}

// covers says whether a list gives everything that some items do.
func covers[T any](list, items []T, by func(T, []T) bool) bool {
	for _, item := range items {
		if !by(item, list) {
			return false
		}
	}
	return true
}

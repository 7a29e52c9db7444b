// Package subid reads /etc/subuid and /etc/subgid: which ids, beside their own,
// users may put into a user namespace. Source: subuid(5), subgid(5).
package subid

// maxID is the highest id: what comes behind it, all ones, means "no id".
const maxID = 1<<32 - 2

// Range is one line.
type Range struct {
	// Owner is a login name, or a user id as a decimal number. In /etc/subgid too
	// it is a user's.
	Owner string
	// First is the first id, Size how many there are, at least one.
	First, Size uint32
	Line        int // in the file, from 1
}

// Last is the last id.
func (r Range) Last() uint32 { return r.First + (r.Size - 1) }

// Holds says whether an id is in the range.
func (r Range) Holds(id uint32) bool { return id >= r.First && id-r.First < r.Size }

// Overlaps says whether two ranges have an id in common.
func (r Range) Overlaps(other Range) bool { return r.First <= other.Last() && other.First <= r.Last() }

// Of are the ranges of a user, in the file's order: the lines that begin with one
// of the names, or with the number.
func Of(all []Range, uid string, names []string) []Range {
	var own []Range
	for _, r := range all {
		if r.Belongs(uid, names) {
			own = append(own, r)
		}
	}
	return own
}

// Belongs says whether a range is that of the user with this number and these
// names.
func (r Range) Belongs(uid string, names []string) bool {
	for _, name := range names {
		if r.Owner == name {
			return true
		}
	}
	return r.Owner == uid
}

// Overlap finds two ranges that have an id in common, the first by its place.
func Overlap(ranges []Range) (a, b Range, found bool) {
	for i, r := range ranges {
		for _, later := range ranges[i+1:] {
			if r.Overlaps(later) {
				return r, later, true
			}
		}
	}
	return Range{}, Range{}, false
}

package tree

import "strconv"

// Refusal is a key that this host, or what the caller has on it, stands against.
type Refusal struct {
	Key   string // the key, e.g. "filesystem.home"
	Cause string // what stands against it
	Help  string // what to do
}

// Error is the refusal in one line.
func (r *Refusal) Error() string { return r.Key + ": " + r.Cause }

// Refusals are everything at once, in the order in which it was found. There is
// at least one.
type Refusals struct{ List []*Refusal }

// Error is the first refusal, and how many there are beside it.
func (r *Refusals) Error() string {
	text := r.List[0].Error()
	if more := len(r.List) - 1; more > 0 {
		text += " (and " + strconv.Itoa(more) + " more)"
	}
	return text
}

// Unwrap gives errors.As and errors.Is each of them.
func (r *Refusals) Unwrap() []error {
	errs := make([]error, len(r.List))
	for i, one := range r.List {
		errs[i] = one
	}
	return errs
}

package caps

// Set is a set of capabilities, one bit each: bit n is capability n of
// linux/capability.h. The zero Set is empty.
type Set uint64

// Sets are the five sets of a thread. Source: capabilities(7).
type Sets struct {
	Inheritable, Permitted, Effective, Bounding, Ambient Set
}

package policy

// keys is the key table, part by part: a literal each, in a file of its own,
// that the linker lays out and nothing computes at the start. Words stand in the
// order of their enumeration.
var keys = [...][]Key{
	documentKeys,
	namespacesKeys,
	idsKeys,
	networkKeys,
	privilegesKeys,
	socketsKeys,
	filesystemKeys,
	processKeys,
	auditKeys,
	testsKeys,
}

// eachKey goes through the table, row by row.
func eachKey(yield func(*Key) bool) {
	for _, part := range keys {
		for i := range part {
			if !yield(&part[i]) {
				return
			}
		}
	}
}

// keyCount is how many rows there are.
func keyCount() (n int) {
	for _, part := range keys {
		n += len(part)
	}
	return n
}

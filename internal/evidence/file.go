package evidence

// File is what a path leads to in a process's own root. Symbolic links on the
// way are followed as the process would follow them, the last one is not.
type File struct {
	Path string
	// Exists is false where there is nothing. All below is then empty.
	Exists bool
	Kind   FileKind
	Perm   uint32 // permission bits
	// Device is the device that a node stands for, as major:minor; empty for what
	// is no node.
	Device string
	// Names is the number of names in a directory; -1 where it may not be listed,
	// or changed while it was looked at.
	Names int
	// Size is that of a regular file.
	Size int64
	Link string // what a symbolic link says
	// Born and Changed are when the file was made and when it was changed last, in
	// nanoseconds since 1970; Born is 0 where the file system does not tell. An
	// overlay passes on those of the directory that it shows.
	Born, Changed int64
	// Before is Changed at the first of two readings; 0 where it was read once.
	Before int64
}

// FileKind is the type of a file.
type FileKind uint8

// The kinds of file.
const (
	FileOther FileKind = iota // a socket, a FIFO, a block device
	FileRegular
	FileDirectory
	FileCharacter // a character device
	FileLink      // a symbolic link
)

// Settled are files that were read twice, as the second reading has them. The
// names of a directory that changed in between are not told: the host goes on
// while it is looked at.
func Settled(first, second Fact[[]File]) Fact[[]File] {
	if !first.Known || !second.Known || len(first.Value) != len(second.Value) {
		return second
	}
	for i := range second.Value {
		a, b := &first.Value[i], &second.Value[i]
		if a.Path == b.Path {
			b.Before = a.Changed
		}
		if a.Path != b.Path || a.Names != b.Names || a.Changed != b.Changed {
			b.Names = -1
		}
	}
	return second
}

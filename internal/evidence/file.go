package evidence

// File is what a path leads to in a process's own root, symbolic links followed
// as the process would follow them.
type File struct {
	Path string
	// Exists is false where there is nothing. All below is then empty.
	Exists bool
	Kind   FileKind
	// Device is the device that a node stands for, as major:minor; empty for what
	// is no node.
	Device string
	// Names is the number of names in a directory.
	Names int
	// Size is that of a regular file.
	Size int64
}

// FileKind is the type of a file.
type FileKind uint8

// The kinds of file.
const (
	FileOther FileKind = iota // a socket, a FIFO, a block device
	FileRegular
	FileDirectory
	FileCharacter // a character device
)

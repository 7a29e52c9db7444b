package evidence

// Given is a path that was given to root's command: on the host it is somebody's,
// inside the command's.
type Given struct {
	Path string // inside
	// Inside is whose it is as seen through the command's mount, Host as netjail
	// finds it at the host's path. Both are ids of netjail's user namespace.
	Inside, Host Ownership
	Directory    bool
	// Made is to whom a file belongs on the host that was made, without a name,
	// through the command's mount with the command's ids. Read only where
	// Evidence.Full.
	Made Fact[Ownership]
	// Others is what lies below it on the host and belongs to somebody else. Read
	// only where Evidence.Full.
	Others Fact[Others]
}

// Ownership is a user and a group.
type Ownership struct{ UID, GID uint32 }

// Others counts files.
type Others struct {
	Files int // how many names were looked at
	Other int // how many of them are somebody else's
	// Cut is true where the count ended at its bound, Closed how many directories
	// netjail could not list.
	Cut    bool
	Closed int
}

// GivenPath is a path inside and the host's name of the same file.
type GivenPath struct{ Path, Source string }

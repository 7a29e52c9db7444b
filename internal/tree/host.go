package tree

// Host is what Lay asks of the machine. Package host answers with the kernel's
// facts, tests with a table.
type Host interface {
	// Lstat is the file at a path, of which no component but the last may be a
	// symbolic link. ok is false where there is none, or it cannot be seen.
	Lstat(path string) (n Node, ok bool)
	// Readlink is the text of a symbolic link.
	Readlink(path string) (text string, err error)
	// ReadDir lists the names in a directory, sorted.
	ReadDir(path string) (names []string, err error)
	// ReadText is what a short regular file holds, up to 4096 bytes; ok is false
	// where there is none, or it cannot be read.
	ReadText(path string) (text string, ok bool)
}

// Facts are what Lay needs to know beforehand.
type Facts struct {
	// Home is the home directory that the password file gives the caller's real
	// uid, and Workdir the caller's working directory. Both are as the file and the
	// kernel name them: they may hold symbolic links. Home is empty where there is
	// none, and HomeWhy then says why; Workdir where it has no path.
	Home, HomeWhy, Workdir string
	// Own are the directories in which netjail keeps the caller's profiles and which
	// of a project's are trusted, absolute. They need not exist. They are needed
	// where something is writable.
	Own []string
	// UID is the caller's real user id.
	UID uint32
	// Shut are the directories on the way to Workdir, itself among them, that the
	// command's ids may not enter.
	Shut []string
	// Command is the file that is executed, absolute; empty where none is named.
	Command string
	// Idmap is true where netjail runs as root and the command in a user namespace
	// of its own, with ids that own nothing on the host: what is shared with it is
	// then to be given to it.
	Idmap bool
	// NoTerminal is true where the terminal of the command's session would be the
	// caller's, and the command is not to have that: then there is no /dev/tty.
	NoTerminal bool
	// Mounts is the caller's mount table, in its order, also what is covered.
	Mounts []MountPoint
}

// MountPoint is one line of /proc/self/mountinfo, unescaped.
type MountPoint struct {
	ID, Parent int    // of the mount, and of the mount that it lies on
	Device     string // of the file system: major:minor
	Root       string // which directory or file of the file system is mounted
	Point      string // where
	Type       string // of the file system: ext4, nfs, fuse.sshfs
	Options           // of the mount; those of the file system are not in it
}

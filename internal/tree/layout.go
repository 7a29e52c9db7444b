package tree

// Layout is the tree that a command gets, as the list of what makes it: parents
// stand before what lies below them.
type Layout struct {
	// InPlace is true where the caller's own tree stays and Entries are mounted
	// over it; otherwise Entries make up a new root, which begins empty.
	InPlace bool
	Entries []Entry
	// Mounts is the caller's mount table from which the layout was made: Facts has
	// it. It says what is to come out: of which file system an Entry's Source is,
	// and what stays where InPlace is true.
	Mounts []MountPoint
	// Absent are paths that the profile names, or that a standard list holds, and
	// that the host does not have.
	Absent []Absent
	// Repositories are those of git's whose index the command may write, and with it
	// which directories git takes for submodules.
	Repositories []Repository
	// Writable are the host paths that the command shares with the host, as
	// Target of an Entry of theirs: the channel fs.shared-writable.
	Writable []string
	// Workdir is where the command starts, absolute. It is the caller's working
	// directory where the command can see that and enter it, and "/" where not. The child
	// goes there in any case: what it stands in may have been covered since.
	Workdir string
	// Command is the file that is executed, absolute, also where the caller named
	// it as seen from a working directory that the command does not have. Empty
	// where Facts has none.
	Command string
}

// Absent is a path without a file.
type Absent struct {
	Path string
	Key  string // the profile's key that asked for it
	// Missing is the host's name of the first part of Path that is not there, where
	// the command can make it although Path is to be protected; empty elsewhere.
	// Type is what is there instead, as in Node: a file where a directory would have
	// to be. Why says what makes the path worth protecting.
	Missing, Why string
	Type         uint32
}

// Repository is one of git's that the command shares with the host, by the host's
// names.
type Repository struct {
	Dir string // the directory .git, without the slash at its end
	// Kept are the files below the directory around it that say where a submodule's
	// repository is, and that the command cannot change.
	Kept []string
}

// Around is the directory whose repository it is.
func (r *Repository) Around() string { return parent(r.Dir) }

// Kind is what an Entry is.
type Kind uint8

// The kinds of entries. A mounted one needs its Target to exist: an Entry before
// it, or the tree that it is mounted over, holds it.
const (
	Dir       Kind = iota // a directory in the new root
	File                  // an empty file in the new root, to be mounted on
	Symlink               // a symbolic link in the new root; Source is its text
	Tmpfs                 // a fresh tmpfs
	Overlay               // a read-only overlay of Source: its sockets and FIFOs are dead
	Ephemeral             // an overlay of Source whose changes are kept in memory
	Bind                  // Source itself
	Mask                  // an empty file over a file, read-only
	Proc                  // a fresh /proc
	Devpts                // a fresh instance of devpts
)

// Entry is one thing that is made.
//
// Sources are paths of the caller's tree as it was before the first Entry: in
// place, an earlier Entry may cover a later one's Source.
type Entry struct {
	Kind Kind
	// Target is where, as the command names it: absolute and clean.
	Target string
	// Source is the host's path: absolute, clean, and without a symbolic link.
	Source string
	// Node is what Source was in the snapshot; the zero Node where there is no
	// Source, or it is a link's text.
	Node Node
	// Self is true for a Bind of what is at Target already: a path that becomes a
	// mount so that it cannot be moved, or that becomes read-only. Source is then
	// the same file on the host, and empty in a fresh /proc, of which there is
	// none.
	Self bool
	// Recursive is true for a Bind that brings along what is mounted below Source.
	// Without it nothing is.
	Recursive bool
	// Options are those of the mount; 0 for what is none. ReadOnly of a Tmpfs, as
	// of the new root, holds once everything below it is made.
	Options Options
	// Perm are the permission bits of a Dir, a File or a Tmpfs's root.
	Perm uint32
	// Size limits a Tmpfs, in bytes; 0 leaves the kernel's limit.
	Size uint64
	// Owner is whose files are the command's own there, and nobody else's: the mount,
	// or what an overlay shows, is an idmapped one. It is nil where the host's ids
	// stay as they are, and for every Self, which is a part of what it lies in.
	Owner *Owner
	// Key is the profile's key that asked for it, Why what it is for.
	Key, Why string
}

// Owner is a user and a group of the host.
type Owner struct{ UID, GID uint32 }

// Mounts says whether the entry is a mount of its own.
func (k Kind) Mounts() bool { return k >= Tmpfs }

// Node identifies a file of the host. Source: inode(7).
type Node struct {
	Device uint64 // as stat(2) gives it
	Inode  uint64
	// Type is the file's type: mode & S_IFMT.
	Type uint32
	// Owner is whose it is. It says nothing about which file it is: another one of
	// the same owner is another Node, and the same one may change hands.
	Owner Owner
	// Perm are its permission bits, without those that change an identity.
	Perm uint32
}

// Options is a set of a mount's attributes, with the numbers that
// mount_setattr(2) has for them.
type Options uint32

// The attributes.
const (
	ReadOnly Options = 1 << iota // MOUNT_ATTR_RDONLY
	Nosuid                       // MOUNT_ATTR_NOSUID
	Nodev                        // MOUNT_ATTR_NODEV
	Noexec                       // MOUNT_ATTR_NOEXEC
)

// Has says whether all of o are in the set.
func (s Options) Has(o Options) bool { return s&o == o }

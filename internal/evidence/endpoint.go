package evidence

// Endpoint is a file by which processes meet whatever their namespaces are: a
// pathname socket or a FIFO.
type Endpoint struct {
	Path   string // the host's
	FIFO   bool
	Answer Answer // AnswerUnknown for a FIFO: to ask one is to open it
}

// Answer says whether there is somebody behind a socket's file.
type Answer uint8

// The answers. A file that was left behind by a process that is gone is Dead.
const (
	AnswerUnknown Answer = iota
	AnswerAlive
	AnswerDead
	AnswerRefused // the caller may not write to it, or it talks to one peer alone
)

// Shared is what was found below the host's paths that the command sees as they
// are, with the host's own inodes.
type Shared struct {
	// Named are the sockets there that one network namespace knows by name:
	// netjail's own. A socket has one name, the one that it was bound to, and may
	// be bound in another network namespace: that there are none here says
	// nothing. Read only where the command has unix sockets.
	Named Fact[[]Endpoint]
	// Relative is how many names in there are relative to a directory that nobody
	// knows.
	Relative int
	// Walked is what lies there, dead or alive, under whatever name; read only
	// where Evidence.Full.
	Walked Fact[Walk]
}

// Walk is what a walk through directories found.
type Walk struct {
	Endpoints []Endpoint // in the order of the paths given
	Files     int        // how many names were looked at
	// Cut is true where the walk ended at its bound, before the directories did.
	Cut bool
	// Closed is how many directories netjail could not list: without permission,
	// or of another file system that is mounted there.
	Closed int
}

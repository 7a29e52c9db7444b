package evidence

import (
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	fileNetUnix = "/proc/thread-self/net/unix"
	callWalk    = "getdents64(2)"
	// walkBound is how many names a walk looks at: a large repository with its
	// dependencies has fewer.
	walkBound = 250_000
)

// ReadShared looks below paths of the host for what processes meet at: with names
// for sockets that a table names, and with walk for everything.
//
// It connects to no server: a datagram socket that connects to one of streams is
// told so by the kernel, and the server is not; to one of datagrams it sends
// nothing.
//
// Preconditions: paths are absolute, clean, and hold no symbolic link.
func ReadShared(paths []string, names, walk bool) Shared {
	s := Shared{
		Named:  Unknown[[]Endpoint](fileNetUnix, whyNotAsked),
		Walked: Unknown[Walk](callWalk, "not attempted: it belongs to the full audit"),
	}
	if names {
		s.Named, s.Relative = namedBelow(paths)
	}
	if walk {
		w := walker{left: walkBound}
		for _, p := range paths {
			w.path(p)
		}
		s.Walked = Known(w.Walk, callWalk+" and connect(2) below "+strings.Join(paths, ", "))
	}
	return s
}

// namedBelow are the sockets below paths that netjail's network namespace names.
func namedBelow(paths []string) (Fact[[]Endpoint], int) {
	text, err := readNetUnix()
	if err != nil {
		return Unknown[[]Endpoint](fileNetUnix, whyNot(err)), 0
	}
	names, relative, err := boundNames(text, paths)
	if err != nil {
		return Unknown[[]Endpoint](fileNetUnix, err.Error()), 0
	}
	found := make([]Endpoint, len(names))
	for i, name := range names {
		found[i] = Endpoint{Path: name, Answer: Ask(name)}
	}
	return Known(found, fileNetUnix+" and connect(2)"), relative
}

// readNetUnix reads a table that has one line for each unix socket of the host,
// at every start: its buffer has room for some hundred.
func readNetUnix() ([]byte, error) {
	fd, err := unix.Open(fileNetUnix, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	d := procDir{buffer: make([]byte, 64<<10)}
	return d.toEnd(fd)
}

// Ask says who is behind a socket's file, without a word to him: see ReadShared.
func Ask(name string) Answer {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return AnswerUnknown
	}
	defer unix.Close(fd)
	short, done, err := shortName(name)
	if err != nil {
		return AnswerUnknown
	}
	defer done()
	return answerOf(unix.Connect(fd, &unix.SockaddrUnix{Name: short}))
}

// answerOf is what connect(2) of a datagram socket tells. Source: unix_find_bsd
// and unix_dgram_connect of net/unix/af_unix.c.
func answerOf(err error) Answer {
	switch err {
	case nil, unix.EPROTOTYPE: // EPROTOTYPE: one is there, of another type
		return AnswerAlive
	case unix.ECONNREFUSED, unix.ENOENT:
		return AnswerDead
	case unix.EACCES, unix.EPERM:
		return AnswerRefused
	}
	return AnswerUnknown
}

// nameMax is the longest name that a struct sockaddr_un takes, with a zero
// behind it.
const nameMax = 107

// shortName is a name that fits into an address: where it is too long, by way of
// its directory's descriptor. done closes that.
func shortName(name string) (short string, done func(), err error) {
	if len(name) <= nameMax {
		return name, func() {}, nil
	}
	fd, err := unix.Open(path.Dir(name), unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", nil, err
	}
	return "/proc/self/fd/" + strconv.Itoa(fd) + "/" + path.Base(name), func() { unix.Close(fd) }, nil
}

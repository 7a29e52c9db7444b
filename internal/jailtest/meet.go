package jailtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Meeting is a file at which two processes can meet whatever their namespaces
// are: a unix socket or a FIFO of the host's, and a name that leads to it.
type Meeting struct {
	Path string // absolute
	Kind string // one of MeetingKinds
	Way  string // one of MeetingWays: how Path came to lead there
}

// MeetingKinds are the types of socket, and the FIFO.
func MeetingKinds() []string { return []string{"stream", "datagram", "seqpacket", "FIFO"} }

// The ways in which a path can lead to a socket or FIFO.
const (
	WayAbsolute   = "absolute"
	WayRelative   = "relative" // both sides use the last part of the path in its directory
	WayRenamed    = "renamed"
	WayHardLinked = "hard-linked"
	WaySymlink    = "symbolic link"
	// WayNetwork is bound by a process in another network namespace. A FIFO is
	// never bound.
	WayNetwork = "another network namespace"
)

// MeetingWays are the ways for a kind.
func MeetingWays(kind string) []string {
	ways := []string{WayAbsolute, WayRelative, WayRenamed, WayHardLinked, WaySymlink}
	if kind == "FIFO" {
		return ways
	}
	return append(ways, WayNetwork)
}

// Host is a command line that makes meetings: it reads lists of them, each as a
// line of JSON, makes them and says "made". It serves until its input ends.
func Host(self string) []string { return []string{self, roleHost} }

func hostMeetings(in io.Reader, out io.Writer) error {
	unix.Umask(0)
	return eachList(in, func(list []Meeting) error {
		for i := range list {
			if err := list[i].make(); err != nil {
				return fmt.Errorf("%+v: %w", list[i], err)
			}
		}
		_, err := fmt.Fprintln(out, "made")
		return err
	})
}

// eachList calls do with each list of meetings that is read.
func eachList(in io.Reader, do func([]Meeting) error) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		var list []Meeting
		if err == nil {
			err = json.Unmarshal(line, &list)
		}
		if err == nil {
			err = do(list)
		}
		if err != nil {
			return err
		}
	}
}

// make makes the socket or FIFO, and the path that leads to it.
func (m *Meeting) make() error {
	first := m.Path + "-first"
	switch m.Way {
	case WayAbsolute, WayNetwork:
		return m.serve(m.Path)
	case WayRelative:
		if err := os.Chdir(filepath.Dir(m.Path)); err != nil {
			return err
		}
		return m.serve(filepath.Base(m.Path))
	}
	if err := m.serve(first); err != nil {
		return err
	}
	switch m.Way {
	case WayRenamed:
		return os.Rename(first, m.Path)
	case WayHardLinked:
		return os.Link(first, m.Path)
	}
	return os.Symlink(first, m.Path)
}

// serve makes the socket or FIFO under one name, and leaves it open.
func (m *Meeting) serve(name string) error {
	if m.Kind == "FIFO" {
		if err := unix.Mkfifo(name, 0o666); err != nil {
			return err
		}
		_, err := unix.Open(name, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		return err
	}
	fd, err := m.socket()
	if err != nil {
		return err
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: name}); err != nil || m.Kind == "datagram" {
		return err
	}
	return unix.Listen(fd, 256)
}

func (m *Meeting) socket() (fd int, err error) {
	kind := unix.SOCK_STREAM
	switch m.Kind {
	case "datagram":
		kind = unix.SOCK_DGRAM
	case "seqpacket":
		kind = unix.SOCK_SEQPACKET
	}
	return unix.Socket(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
}

// Visitor is a command line that goes to meetings: it reads lists of them, each
// as a line of JSON, and answers with a list of errors, "" for each meeting at
// which somebody was met.
func Visitor(self string) []string { return []string{self, roleVisitor} }

func visitMeetings(in io.Reader, out io.Writer) error {
	return eachList(in, func(list []Meeting) error {
		answers := make([]string, len(list))
		for i := range list {
			if err := list[i].visit(); err != nil {
				answers[i] = err.Error()
			}
		}
		return json.NewEncoder(out).Encode(answers)
	})
}

// visit connects to the socket, or opens the FIFO for writing, which fails where
// nobody reads it.
func (m *Meeting) visit() error {
	name := m.Path
	if m.Way == WayRelative {
		if err := os.Chdir(filepath.Dir(m.Path)); err != nil {
			return err
		}
		name = filepath.Base(m.Path)
	}
	if m.Kind == "FIFO" {
		fd, err := unix.Open(name, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err == nil {
			unix.Close(fd)
		}
		return err
	}
	fd, err := m.socket()
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Connect(fd, &unix.SockaddrUnix{Name: name})
}

package jailtest

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Converse is a command line that binds sockets of every type, to paths in dir
// and to abstract names, connects to each, and says for each type and name what
// became of it, "<nil>" where all went well.
func Converse(self, dir string) []string { return []string{self, roleConverse, dir} }

func converse(out io.Writer, dir string) error {
	for _, kind := range MeetingKinds() {
		if kind == "FIFO" {
			continue
		}
		for _, name := range []string{filepath.Join(dir, kind), "@netjail-test-" + kind} {
			fmt.Fprintf(out, "%s %s: %v\n", kind, name, meetOneself(kind, name))
		}
	}
	return nil
}

// meetOneself binds a name and connects to it.
func meetOneself(kind, name string) error {
	m := Meeting{Path: name, Kind: kind, Way: WayAbsolute}
	if err := m.make(); err != nil {
		return err
	}
	return errors.Join(m.visit(), m.elsewhere())
}

// elsewhere wants a socket of another type to be refused: that it was met is no
// accident. An abstract name is one for each type.
func (m *Meeting) elsewhere() error {
	other := Meeting{Path: m.Path, Kind: "stream", Way: WayAbsolute}
	if m.Kind == "stream" {
		other.Kind = "datagram"
	}
	if err := other.visit(); err != unix.EPROTOTYPE && err != unix.ECONNREFUSED {
		return fmt.Errorf("a %s socket connects to it: %v", other.Kind, err)
	}
	return nil
}

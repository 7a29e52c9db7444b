package evidence

import (
	"bytes"
	"errors"
	"path"
	"slices"
	"strings"
)

// boundNames are the names of pathname sockets in /proc/net/unix that are one of
// paths or lie below one, each once, and how many names are relative. Source:
// proc_net(5).
//
// The kernel writes a name as it was bound, a line break in it included, so that
// any process can write lines of its own into this file. A line that is none is
// passed over: what this file says is only a place to look at.
func boundNames(text []byte, paths []string) (names []string, relative int, err error) {
	head, rest, _ := bytes.Cut(text, []byte{'\n'})
	if !bytes.HasPrefix(head, []byte("Num ")) {
		return nil, 0, errors.New("it does not begin with the names of its columns")
	}
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte{'\n'})
		name := boundName(line)
		switch {
		case len(name) == 0 || name[0] == '@': // none, or abstract
		case name[0] != '/':
			relative++
		case belowAny(name, paths) && !slices.Contains(names, string(name)):
			names = append(names, string(name))
		}
	}
	return names, relative, nil
}

// boundName is what stands behind the seventh column, which may hold blanks.
func boundName(line []byte) []byte {
	for range 7 {
		line = bytes.TrimLeft(line, " ")
		end := bytes.IndexByte(line, ' ')
		if end < 0 {
			return nil
		}
		line = line[end:]
	}
	return line[1:]
}

// belowAny says whether a name is one of the paths or lies below one. There may be
// thousands of names, of which hardly one has odd parts.
func belowAny(name []byte, paths []string) bool {
	if bytes.Contains(name, []byte("//")) || bytes.Contains(name, []byte("/.")) {
		name = []byte(path.Clean(string(name)))
	}
	for _, p := range paths {
		dir := strings.TrimSuffix(p, "/")
		if len(name) >= len(dir) && string(name[:len(dir)]) == dir && (len(name) == len(dir) || name[len(dir)] == '/') {
			return true
		}
	}
	return false
}

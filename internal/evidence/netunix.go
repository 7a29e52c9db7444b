package evidence

import (
	"bytes"
	"errors"
)

// boundNames are the names of pathname sockets in /proc/net/unix: the absolute
// ones, each once, and how many are relative. Source: proc_net(5).
//
// The kernel writes a name as it was bound, a line break in it included, so that
// any process can write lines of its own into this file. A line that is none is
// passed over: what this file says is only a place to look at.
func boundNames(text []byte) (absolute []string, relative int, err error) {
	head, rest, _ := bytes.Cut(text, []byte{'\n'})
	if !bytes.HasPrefix(head, []byte("Num ")) {
		return nil, 0, errors.New("it does not begin with the names of its columns")
	}
	seen := make(map[string]bool)
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte{'\n'})
		name := boundName(line)
		switch {
		case len(name) == 0 || name[0] == '@': // none, or abstract
		case name[0] != '/':
			relative++
		case !seen[string(name)]:
			seen[string(name)] = true
			absolute = append(absolute, string(name))
		}
	}
	return absolute, relative, nil
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

package caps

import (
	"bytes"
	"errors"
	"fmt"
)

// statusKey is how the line of /proc/PID/status that holds a set begins.
// Source: proc_pid_status(5).
func statusKey(k Kind) string {
	switch k {
	case Inheritable:
		return "CapInh:\t"
	case Permitted:
		return "CapPrm:\t"
	case Effective:
		return "CapEff:\t"
	case Bounding:
		return "CapBnd:\t"
	default:
		return "CapAmb:\t"
	}
}

// ParseStatus reads the five sets from the whole text of /proc/PID/status. A
// line that is missing, doubled, cut short or not 16 lower-case hex digits is
// an error: there is no partial answer.
//
// The first line holds the command's name, which anybody can choose, but the
// kernel writes a line break in it as `\n`, so it cannot pose as another line.
func ParseStatus(text []byte) (Sets, error) {
	var sets Sets
	seen := 0
	for len(text) > 0 {
		line, rest, whole := bytes.Cut(text, []byte{'\n'})
		if !whole {
			return Sets{}, errors.New("parse status: the last line is cut short")
		}
		text = rest
		k, isSet := kindOfLine(line)
		if !isSet {
			continue
		}
		if seen&(1<<k) != 0 {
			return Sets{}, fmt.Errorf("parse status: the %s set is there twice", k)
		}
		seen |= 1 << k
		set, err := ParseHex(line[len(statusKey(k)):])
		if err != nil {
			return Sets{}, fmt.Errorf("parse status: %s set: %w", k, err)
		}
		*sets.At(k) = set
	}
	if err := missing(seen); err != nil {
		return Sets{}, err
	}
	return sets, nil
}

// kindOfLine tells which set a line of status holds.
func kindOfLine(line []byte) (Kind, bool) {
	if !bytes.HasPrefix(line, []byte("Cap")) {
		return 0, false
	}
	for k := range kinds {
		if bytes.HasPrefix(line, []byte(statusKey(k))) {
			return k, true
		}
	}
	return 0, false
}

// missing names the first set that was not seen.
func missing(seen int) error {
	for k := range kinds {
		if seen&(1<<k) == 0 {
			return fmt.Errorf("parse status: the %s set is missing", k)
		}
	}
	return nil
}

// ParseHex reads a set as /proc/PID/status writes it: exactly 16 lower-case hex
// digits.
func ParseHex(text []byte) (Set, error) {
	if len(text) != 16 {
		return 0, fmt.Errorf("parse set %q: not 16 hex digits", text)
	}
	var s Set
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9':
			s = s<<4 | Set(c-'0')
		case 'a' <= c && c <= 'f':
			s = s<<4 | Set(c-'a'+10)
		default:
			return 0, fmt.Errorf("parse set %q: not 16 hex digits", text)
		}
	}
	return s, nil
}

package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// statusLine is a line of /proc/PID/status that this package reads; the five
// capability sets are read by package caps. Source: proc_pid_status(5).
type statusLine uint8

const (
	lineState statusLine = iota
	lineUID
	lineGID
	lineGroups
	lineNSPid
	lineThreads
	lineSigBlk
	lineSigIgn
	lineSigCgt
	lineNoNewPrivs
	lineSeccomp
	lineUmask
	statusLines
)

// statusText is /proc/PID/status cut into the lines that matter. A line is
// judged when it is asked for, so that one bad line spoils one fact.
type statusText struct {
	value [statusLines][]byte
	count [statusLines]int
}

// cutStatus finds the lines. It fails where the text is cut short.
func cutStatus(text []byte) (statusText, error) {
	var s statusText
	err := eachLine(text, func(line []byte) error {
		key, value, _ := bytes.Cut(line, []byte(":\t"))
		if l, ok := statusLineOf(key); ok {
			s.value[l] = value
			s.count[l]++
		}
		return nil
	})
	return s, err
}

func statusLineOf(key []byte) (statusLine, bool) {
	switch string(key) {
	case "State":
		return lineState, true
	case "Uid":
		return lineUID, true
	case "Gid":
		return lineGID, true
	case "Groups":
		return lineGroups, true
	case "NSpid":
		return lineNSPid, true
	case "Threads":
		return lineThreads, true
	case "SigBlk":
		return lineSigBlk, true
	case "SigIgn":
		return lineSigIgn, true
	case "SigCgt":
		return lineSigCgt, true
	case "NoNewPrivs":
		return lineNoNewPrivs, true
	case "Seccomp":
		return lineSeccomp, true
	case "Umask":
		return lineUmask, true
	}
	return 0, false
}

var (
	errLineMissing = errors.New("the line is missing")
	errLineTwice   = errors.New("the line is there twice")
	errOctal       = errors.New("not a mask of four octal digits")
)

// of is the value of a line that is there exactly once.
func (s *statusText) of(l statusLine) ([]byte, error) {
	switch s.count[l] {
	case 0:
		return nil, errLineMissing
	case 1:
		return s.value[l], nil
	}
	return nil, errLineTwice
}

// ids reads Uid or Gid, but for the file system id.
func (s *statusText) ids(l statusLine) (IDs, error) {
	id, err := s.fourIDs(l)
	return IDs{Real: id[0], Effective: id[1], Saved: id[2]}, err
}

// fsid reads the last number of Uid or Gid: the id by which files are opened.
func (s *statusText) fsid(l statusLine) (uint32, error) {
	id, err := s.fourIDs(l)
	return id[3], err
}

// fourIDs reads Uid or Gid: real, effective, saved and file system id.
func (s *statusText) fourIDs(l statusLine) (id [4]uint32, err error) {
	value, err := s.of(l)
	if err != nil {
		return id, err
	}
	texts := bytes.Split(value, []byte{'\t'})
	if len(texts) != len(id) {
		return id, fmt.Errorf("%q: not four ids", value)
	}
	for i := range id {
		if id[i], err = decimal32(texts[i]); err != nil {
			return [4]uint32{}, fmt.Errorf("%q: %w", value, err)
		}
	}
	return id, nil
}

// groups reads the supplementary groups. Each is followed by a blank; where
// there are none, one blank is all.
func (s *statusText) groups() ([]uint32, error) {
	value, err := s.of(lineGroups)
	if err != nil {
		return nil, err
	}
	if string(value) == " " {
		return []uint32{}, nil
	}
	list, whole := bytes.CutSuffix(value, []byte{' '})
	if !whole {
		return nil, fmt.Errorf("groups %q: %w", value, errCutShort)
	}
	texts := bytes.Split(list, []byte{' '})
	groups := make([]uint32, len(texts))
	for i, text := range texts {
		if groups[i], err = decimal32(text); err != nil {
			return nil, fmt.Errorf("groups %q: %w", value, err)
		}
	}
	return groups, nil
}

// nspids reads the process numbers, from the reader's pid namespace inwards.
func (s *statusText) nspids() ([]int, error) {
	value, err := s.of(lineNSPid)
	if err != nil {
		return nil, err
	}
	texts := bytes.Split(value, []byte{'\t'})
	pids := make([]int, len(texts))
	for i, text := range texts {
		n, err := decimal(text, math.MaxInt32)
		if err != nil {
			return nil, fmt.Errorf("pids %q: %w", value, err)
		}
		pids[i] = int(n)
	}
	return pids, nil
}

// small reads a number from 0 to limit.
func (s *statusText) small(l statusLine, limit uint64) (int, error) {
	value, err := s.of(l)
	if err != nil {
		return 0, err
	}
	n, err := decimal(value, limit)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", value, err)
	}
	return int(n), nil
}

func (s *statusText) noNewPrivs() (bool, error) {
	n, err := s.small(lineNoNewPrivs, 1)
	return n == 1, err
}

// signals reads SigBlk, SigIgn or SigCgt, bit n-1 for signal n.
func (s *statusText) signals(l statusLine) (uint64, error) {
	value, err := s.of(l)
	if err != nil {
		return 0, err
	}
	if len(value) != 16 {
		return 0, fmt.Errorf("%q: %w", value, errHex)
	}
	return hex(value)
}

// umask reads the file mode creation mask, four octal digits.
func (s *statusText) umask() (uint32, error) {
	value, err := s.of(lineUmask)
	if err != nil {
		return 0, err
	}
	if len(value) != 4 || value[0] != '0' {
		return 0, fmt.Errorf("%q: %w", value, errOctal)
	}
	var mask uint32
	for _, c := range value {
		if c < '0' || c > '7' {
			return 0, fmt.Errorf("%q: %w", value, errOctal)
		}
		mask = mask<<3 | uint32(c-'0')
	}
	return mask, nil
}

// ended says whether the process has already ended: its numbers are then those
// of a corpse.
func (s *statusText) ended() bool {
	state, err := s.of(lineState)
	return err == nil && len(state) > 0 && (state[0] == 'Z' || state[0] == 'X' || state[0] == 'x')
}

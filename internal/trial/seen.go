// Package trial judges what came of a profile's tests. A test is tried inside of
// a jail; what is `blocked` there must be shown to work outside, by the same
// means, or else nothing was shown. It starts nothing itself.
package trial

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// End is how one side of a test came to its end.
type End uint8

// The ends.
const (
	EndLost   End = iota // it was lost sight of
	EndStatus            // the command ran and ended
	EndAbsent            // there is no such command
	EndDenied            // the command was found and could not be executed
	EndNoJail            // the jail could not be made, or its audit refused
	EndLate              // it did not end in time
)

// Seen is one side of a test: a command that was run inside, or outside.
type Seen struct {
	End    End
	Status unix.WaitStatus // of EndStatus
	Stdout []byte
	Stderr []byte
	// Cut is true where more was written than is kept.
	Cut bool
	// Words are netjail's own: why there was no jail.
	Words string
}

// Exited is the exit status; -1 where the command did not end with one.
func (s *Seen) Exited() int {
	if s.End != EndStatus || !s.Status.Exited() {
		return -1
	}
	return s.Status.ExitStatus()
}

// String tells the end in a few words, and what the command said last.
func (s *Seen) String() string {
	text := s.end()
	if last := lastLine(s.Stderr); last != "" && s.End != EndNoJail {
		text += ": " + last
	}
	return text
}

func (s *Seen) end() string {
	switch s.End {
	case EndStatus:
		if s.Status.Signaled() {
			return "killed by " + unix.SignalName(s.Status.Signal())
		}
		return "exit status " + strconv.Itoa(s.Status.ExitStatus())
	case EndAbsent:
		return "the command was not found"
	case EndDenied:
		return "the command could not be executed"
	case EndNoJail:
		return words(s.Words)
	case EndLate:
		return "not at its end in time"
	}
	return strings.TrimSuffix("netjail lost sight of it: "+words(s.Words), ": ")
}

// longestLine is how much of a line is shown.
const longestLine = 200

// lastLine is the last line that is not empty.
func lastLine(text []byte) string {
	line := strings.TrimSpace(string(text))
	line = line[strings.LastIndexByte(line, '\n')+1:]
	if len(line) > longestLine {
		line = strings.ToValidUTF8(line[:longestLine], "") + "…"
	}
	return line
}

// words are netjail's own on one line, without what marks them as such.
func words(text string) string {
	var parts []string
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "netjail: "), "error: ")
		if line = strings.TrimPrefix(line, "= "); line != "" {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, "; ")
}

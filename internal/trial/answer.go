package trial

import (
	"strings"

	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/probe"
)

// Kind is what one side says about the thing that is tried.
type Kind uint8

// The kinds. The zero Kind claims nothing.
const (
	Unknown Kind = iota // nothing can be said
	Worked              // it works
	Refused             // it does not work, and somebody said so
	Absent              // the thing it is about is not there
)

// Answer is what one side says, and in which words.
type Answer struct {
	Kind Kind
	Text string
}

// Read is the answer of a side of a test whose command, or whose probe with these
// targets, was seen.
func Read(t *policy.Test, s *Seen, targets []Target) Answer {
	switch {
	case t.Run != nil:
		return readRun(s)
	case t.Resolve != "":
		return readResolve(s)
	case t.Connect != "":
		return readConnect(s, targets)
	}
	return readOpen(s)
}

func readRun(s *Seen) Answer {
	switch {
	case s.End == EndAbsent:
		return Answer{Absent, s.String()}
	case s.Exited() == 0:
		return Answer{Worked, s.String()}
	case s.Exited() > 0:
		return Answer{Refused, s.String()}
	}
	return Answer{Unknown, s.String()}
}

// The exit statuses of getent(1).
const (
	getentFound    = 0
	getentNotFound = 2
)

func readResolve(s *Seen) Answer {
	switch s.Exited() {
	case getentFound:
		first, _, _ := strings.Cut(string(s.Stdout), " ")
		return Answer{Worked, "found " + lastLine([]byte(first))}
	case getentNotFound:
		return Answer{Absent, "not found"}
	}
	return Answer{Unknown, "getent: " + s.String()}
}

func readOpen(s *Seen) Answer {
	words, ok := heard(s, 1)
	if !ok {
		return Answer{Unknown, "the probe said nothing: " + s.String()}
	}
	switch words[0] {
	case probe.Done:
		return Answer{Worked, "done"}
	case probe.Empty:
		return Answer{Refused, "it reads as empty"}
	case probe.Left:
		return Answer{Unknown, "a file was made and could not be removed"}
	case "ENOENT", "ENOTDIR":
		return Answer{Absent, words[0] + ": there is no such file"}
	case "EACCES", "EPERM", "EROFS", "ELOOP", "EISDIR", "ETXTBSY", "ENXIO":
		return Answer{Refused, words[0]}
	}
	return Answer{Unknown, words[0]}
}

// heard are the probe's words, where it came to its end.
func heard(s *Seen, n int) ([]string, bool) {
	if s.Exited() != 0 {
		return nil, false
	}
	return probe.Answers(s.Stdout, n)
}

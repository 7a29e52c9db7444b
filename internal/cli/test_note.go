package cli

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/crew"
	"github.com/netjail/netjail/internal/trial"
)

// What a side notes on descriptor 3 when it is over.
const (
	noteEnded  = "ended" // with the status of wait4(2)
	noteAbsent = "absent"
	noteDenied = "denied"
	noteNoJail = "no-jail"
)

func ended(s unix.WaitStatus) string { return noteEnded + " " + strconv.FormatUint(uint64(s), 10) }

// absence says why a command was not found.
func absence(find *search) string {
	if find.denied {
		return noteDenied
	}
	return noteAbsent
}

// absenceOf says it of a command that was not executed.
func absenceOf(errno unix.Errno) string {
	if errno == unix.ENOENT || errno == unix.ENOTDIR {
		return noteAbsent
	}
	return noteDenied
}

// seenOf reads the note of a side: a word, perhaps a number, and on further lines
// netjail's own words.
func seenOf(e *crew.Ended) *trial.Seen {
	s := &trial.Seen{Stdout: e.Stdout, Stderr: e.Stderr, Cut: e.Cut}
	head, words, _ := bytes.Cut(e.Note, []byte("\n"))
	s.Words = string(words)
	word, number, _ := strings.Cut(string(head), " ")
	switch word {
	case noteEnded:
		if n, err := strconv.ParseUint(number, 10, 16); err == nil {
			s.End, s.Status = trial.EndStatus, unix.WaitStatus(n)
		}
	case noteAbsent:
		s.End = trial.EndAbsent
	case noteDenied:
		s.End = trial.EndDenied
	case noteNoJail:
		s.End = trial.EndNoJail
	}
	if e.Late {
		s.End = trial.EndLate
	}
	return s
}

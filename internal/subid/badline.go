package subid

import "strconv"

// Error lists the lines of a file that cannot be read.
type Error struct{ Lines []BadLine } // at least one, by number

// BadLine is a line, and what is wrong with it.
type BadLine struct {
	Number int // from 1
	Cause  string
}

// Error is "line 3: …; line 7: …".
func (e *Error) Error() string {
	text := ""
	for i, l := range e.Lines {
		if i > 0 {
			text += "; "
		}
		text += "line " + strconv.Itoa(l.Number) + ": " + l.Cause
	}
	return text
}

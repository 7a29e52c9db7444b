package evidence

import (
	"bytes"
	"errors"
)

var errCutShort = errors.New("the last line is cut short")

// eachLine calls do with every line of text, without its line break. A text that
// does not end in one was cut short: nothing in it can be relied on.
func eachLine(text []byte, do func(line []byte) error) error {
	for len(text) > 0 {
		line, rest, whole := bytes.Cut(text, []byte{'\n'})
		if !whole {
			return errCutShort
		}
		if err := do(line); err != nil {
			return err
		}
		text = rest
	}
	return nil
}

// fields splits a line at runs of blanks into exactly len(into) fields, and says
// whether there were as many.
func fields(into [][]byte, line []byte) bool {
	n := 0
	for {
		line = bytes.TrimLeft(line, " \t")
		if len(line) == 0 {
			return n == len(into)
		}
		if n == len(into) {
			return false
		}
		end := bytes.IndexAny(line, " \t")
		if end < 0 {
			end = len(line)
		}
		into[n], line = line[:end], line[end:]
		n++
	}
}

package subid

import (
	"strconv"
	"strings"
)

// maxLine is the length from which on newuidmap(1) passes over a line.
const maxLine = 1023

// Parse reads a whole file. A line is `owner:first:count`; empty lines and those
// that begin with # count for nothing.
//
// newuidmap(1) passes over what it does not understand. Here that is an error: a
// line that was skipped could be the one that gives somebody else the same ids.
//
// Errors: *Error with every line that is none; there are no ranges then.
func Parse(text string) ([]Range, error) {
	var ranges []Range
	var bad []BadLine
	for n := 1; text != ""; n++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		r, cause := parseLine(line)
		if cause != "" {
			bad = append(bad, BadLine{Number: n, Cause: cause})
			continue
		}
		r.Line = n
		ranges = append(ranges, r)
	}
	if len(bad) > 0 {
		return nil, &Error{bad}
	}
	return ranges, nil
}

// parseLine reads one line, or says what is wrong with it.
func parseLine(line string) (r Range, cause string) {
	if len(line) > maxLine {
		return r, "it has " + strconv.Itoa(len(line)) + " bytes, and newuidmap reads at most " + strconv.Itoa(maxLine)
	}
	owner, rest, one := strings.Cut(line, ":")
	first, count, two := strings.Cut(rest, ":")
	if !one || !two || strings.Contains(count, ":") {
		return r, strconv.Itoa(strings.Count(line, ":")+1) + " fields, expected 3"
	}
	if !isOwner(owner) {
		return r, strconv.Quote(owner) + " is no name of a user"
	}
	var ok bool
	if r.First, ok = decimal(first); !ok {
		return r, strconv.Quote(first) + " is no id"
	}
	if r.Size, ok = decimal(count); !ok {
		return r, strconv.Quote(count) + " is no count"
	}
	switch {
	case r.Size == 0:
		return r, "a range of no ids"
	case uint64(r.First)+uint64(r.Size)-1 > maxID:
		return r, "the ids end behind " + strconv.FormatUint(maxID, 10)
	}
	r.Owner = owner
	return r, ""
}

// decimal is a plain decimal number of 32 bits. A leading zero is none: to
// newuidmap(1) it means an octal number, and so other ids than it does here.
func decimal(field string) (uint32, bool) {
	if len(field) > 1 && field[0] == '0' || field != "" && (field[0] < '0' || field[0] > '9') {
		return 0, false
	}
	n, err := strconv.ParseUint(field, 10, 32)
	return uint32(n), err == nil
}

// isOwner says whether a field can be a login name, or a number. It is no rule
// for names, which differ from system to system: it keeps out what no name holds.
func isOwner(field string) bool {
	if field == "" || field[0] == '-' || field[0] == '+' {
		return false
	}
	digits := true
	for i := range len(field) {
		c := field[i]
		if c <= ' ' || c == 0x7f {
			return false
		}
		digits = digits && '0' <= c && c <= '9'
	}
	if digits {
		_, ok := decimal(field)
		return ok
	}
	return true
}

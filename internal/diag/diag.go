// Package diag is what a profile's author reads: problems with a place, a
// stable code and a way out, and how they are written as text and as JSON.
package diag

import (
	"strconv"
	"strings"
)

// Severity says whether a Diagnostic stops the work.
type Severity uint8

// The severities.
const (
	Error   Severity = iota // the profile is refused
	Warning                 // it is accepted; the author should know
)

// String is the word used in text and JSON.
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Position is a place in a text. Line and Column are 1-based; Column counts
// runes, not bytes and not terminal cells. The zero Position is no place.
type Position struct{ Line, Column int }

// Known says whether the position is a place.
func (p Position) Known() bool { return p.Line > 0 }

// before orders positions.
func (p Position) before(q Position) bool {
	if p.Line != q.Line {
		return p.Line < q.Line
	}
	return p.Column < q.Column
}

// Span is the text from Start up to, not including, End. The zero Span stands
// for the whole file. A Span that ends on a later line is underlined on its
// first line only.
type Span struct {
	Start, End Position
	// File is the file that the place is in; empty where the context tells it.
	File string
}

// At is a span of one rune.
func At(line, column int) Span {
	return Span{Start: Position{line, column}, End: Position{line, column + 1}}
}

// Note is a further remark, with a place of its own or without one.
type Note struct {
	Message string
	File    string
	Span    Span // zero where the note has no place
}

// Edit is a replacement that a program can carry out: Text instead of Span.
type Edit struct {
	Span Span
	Text string
}

// Diagnostic is one problem.
type Diagnostic struct {
	Code     Code
	Severity Severity
	File     string
	Span     Span
	// Path is the key that the problem is about: "namespaces.user".
	Path string
	// Message says what was found and what was expected: lower case, no period.
	Message string
	Notes   []Note
	// Help says what to do; empty where the message says it already.
	Help string
	// Edit is the mechanical way to do it; nil where there is none.
	Edit *Edit
}

// Error is the first line of the text form: "file:line:column: error: message
// [code]".
func (d Diagnostic) Error() string {
	return place(d.File, d.Span.Start) + d.Severity.String() + ": " + clean(d.Message) + " [" + string(d.Code) + "]"
}

// place is "file:line:column: ", as far as it is known.
func place(file string, p Position) string {
	if file == "" && !p.Known() {
		return ""
	}
	var b strings.Builder
	b.WriteString(clean(file))
	if p.Known() {
		b.WriteString(":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column))
	}
	b.WriteString(": ")
	return b.String()
}

// Package jsontext reads JSON: RFC 8259 to the letter, bounded, and without the
// start-up cost of encoding/json. What that package is lenient about is refused:
// a member that stands twice, bytes that are not UTF-8, a lone surrogate.
package jsontext

import "strconv"

// Kind is the type of a value.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

// String is the kind with its article: "a string".
func (k Kind) String() string { return kindNames[k] }

// Value is a value. What does not belong to its kind is empty.
type Value struct {
	Kind Kind
	// Text is a string's text, a number as it is written, or true or false.
	Text    string
	Items   []Value
	Members []Member
}

// Member is a name and a value of an object.
type Member struct {
	Name  string
	Value Value
}

// Member is the value of an object's member; nil where there is none.
func (v *Value) Member(name string) *Value {
	for i := range v.Members {
		if v.Members[i].Name == name {
			return &v.Members[i].Value
		}
	}
	return nil
}

// The bounds of what is read.
const (
	MaxBytes = 16 << 20
	MaxDepth = 64
)

// SyntaxError says what is wrong, and where.
type SyntaxError struct {
	Line, Column int // 1-based, in bytes
	Message      string
}

// Error is "line 3, column 7: …".
func (e *SyntaxError) Error() string {
	return "line " + strconv.Itoa(e.Line) + ", column " + strconv.Itoa(e.Column) + ": " + e.Message
}

// Parse reads one value, with nothing but blanks around it.
//
// Errors: *SyntaxError.
func Parse(text []byte) (*Value, error) {
	p := parser{text: text}
	if len(text) > MaxBytes {
		return nil, &SyntaxError{1, 1, "it is longer than " + strconv.Itoa(MaxBytes) + " bytes"}
	}
	v, ok := p.value(0)
	if ok {
		p.blanks()
		if p.at < len(text) {
			p.fail("something stands behind the value")
		}
	}
	if p.wrong != "" {
		return nil, p.error()
	}
	return &v, nil
}

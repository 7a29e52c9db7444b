package source

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Coarse bounds on the raw bytes. Every value costs at least one of these
// marks, and text full of them stays far below, so neither refuses a profile
// that the exact bounds would let pass, short of one with 100,000 marks in
// comments.
const (
	maxMarks   = 100_000
	maxOpening = 1_000
)

var byteOrderMark = []byte("\ufeff")

// guard looks at the bytes before the YAML reader does. Nothing that it reports
// may reach that reader. It returns the text without a byte order mark.
func guard(file string, src []byte) ([]byte, diag.List) {
	text := bytes.TrimPrefix(src, byteOrderMark)
	if len(src) > policy.MaxBytes {
		return nil, diag.List{{
			Code: diag.FileTooLarge, File: file,
			Message: fmt.Sprintf("the file has %d bytes; at most %d are read", len(src), policy.MaxBytes),
		}}
	}
	if d := guardRunes(text); d != nil {
		d.File = file
		return nil, diag.List{*d}
	}
	if d := guardMarks(text); d != nil {
		d.File = file
		return nil, diag.List{*d}
	}
	return text, nil
}

// guardRunes finds the first rune that a profile must not hold.
func guardRunes(text []byte) *diag.Diagnostic {
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		d := guardRune(r, size, text[i+size:])
		if d != nil {
			d.Span = diag.At(line, column)
			return d
		}
		i += size
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return nil
}

func guardRune(r rune, size int, rest []byte) *diag.Diagnostic {
	switch {
	case r == utf8.RuneError && size == 1:
		return &diag.Diagnostic{
			Code: diag.NotText, Message: "found a byte that is not UTF-8",
			Help: "save the file as UTF-8",
		}
	case r == '\r':
		if len(rest) == 0 || rest[0] != '\n' {
			return &diag.Diagnostic{
				Code: diag.HiddenCharacter, Message: "found a carriage return without a line feed",
				Help: "end lines with a line feed",
			}
		}
	case r < ' ' && r != '\n' && r != '\t', r == 0x7f, 0x80 <= r && r < 0xa0 && r != 0x85:
		return &diag.Diagnostic{
			Code: diag.NotText, Message: fmt.Sprintf("found the control character U+%04X", r),
			Help: "a profile is text; remove the character",
		}
	case diag.Invisible(r):
		return &diag.Diagnostic{
			Code: diag.HiddenCharacter, Message: fmt.Sprintf("found the invisible character U+%04X", r),
			Help: fmt.Sprintf(`remove it; in a double-quoted value it can be written as "\U%08X"`, r),
		}
	}
	return nil
}

// guardMarks refuses what only a hostile file holds.
func guardMarks(text []byte) *diag.Diagnostic {
	marks, opening, line := 0, 0, 1
	for _, c := range text {
		switch c {
		case '[', '{':
			opening++
		case ']', '}':
			opening = max(0, opening-1)
		case '\n':
			line++
		case ',', ':', '-', '?':
		default:
			continue
		}
		marks++
		if opening > maxOpening {
			return tooDeep(diag.At(line, 1))
		}
		if marks > maxMarks {
			return tooManyNodes(diag.At(line, 1))
		}
	}
	return nil
}

func tooDeep(at diag.Span) *diag.Diagnostic {
	return &diag.Diagnostic{
		Code: diag.TooDeep, Span: at,
		Message: fmt.Sprintf("nested deeper than %d levels", policy.MaxDepth),
	}
}

func tooManyNodes(at diag.Span) *diag.Diagnostic {
	return &diag.Diagnostic{
		Code: diag.TooManyNodes, Span: at,
		Message: fmt.Sprintf("more than %d keys and values", policy.MaxNodes),
	}
}

package source

import (
	"strings"
	"unicode/utf8"

	"github.com/netjail/netjail/internal/diag"
)

// splitLines cuts text into lines as the YAML reader counts them; guard has
// left no other line breaks than \n and \r\n.
func splitLines(text []byte) []string {
	lines := strings.Split(string(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines
}

// rest is the text of a line from a 1-based column on.
func (p *parser) rest(at diag.Position) string {
	if at.Line < 1 || at.Line > len(p.lines) {
		return ""
	}
	if at.Line != p.at.Line || at.Column < p.at.Column {
		p.at, p.offset = diag.Position{Line: at.Line, Column: 1}, 0
	}
	line := p.lines[at.Line-1]
	for ; p.at.Column < at.Column; p.at.Column++ {
		_, size := utf8.DecodeRuneInString(line[p.offset:])
		p.offset += size
	}
	return line[p.offset:]
}

// span is the part of one line that a value takes, as far as it stands there.
// value is the value's text.
func (p *parser) span(at diag.Position, value string) diag.Span {
	rest := p.rest(at)
	length := 1
	switch {
	case rest == "":
	case rest[0] == '"' || rest[0] == '\'':
		length = quotedLength(rest)
	case rest[0] == '[' || rest[0] == '{':
		length = flowLength(rest)
	case rest[0] == '&' || rest[0] == '*' || rest[0] == '!':
		length = wordLength(rest)
	case strings.HasPrefix(rest, value):
		length = max(1, len(value))
	case rest[0] != '|' && rest[0] != '>' && rest[0] != '-' && rest[0] != '?':
		length = len(strings.TrimRight(rest, " \t"))
	}
	return wide(at, rest[:min(length, len(rest))])
}

// wide is the span of text that begins at a place; at least one rune.
func wide(at diag.Position, text string) diag.Span {
	n := max(1, utf8.RuneCountInString(text))
	return diag.Span{Start: at, End: diag.Position{Line: at.Line, Column: at.Column + n}}
}

// wordLength is the length of s up to a blank or a mark of a flow collection.
func wordLength(s string) int {
	if i := strings.IndexAny(s, " \t,[]{}"); i > 0 {
		return i
	}
	return len(s)
}

// quotedLength is the length of the quoted scalar that s begins with, or of s.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0] && s[0] == '\'' && strings.HasPrefix(s[i+1:], "'"):
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return len(s)
}

// flowLength is the length of the flow collection that s begins with, or of s.
// A quote counts only where a scalar can begin.
func flowLength(s string) int {
	depth, fresh := 0, true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '[' || c == '{':
			depth++
			fresh = true
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case (c == '"' || c == '\'') && fresh:
			i += quotedLength(s[i:]) - 1
			fresh = false
		default:
			fresh = c == ',' || c == ':' || (c == ' ' && fresh)
		}
	}
	return len(strings.TrimRight(s, " \t"))
}

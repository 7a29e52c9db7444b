package jsontext

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// parser walks over the text. The first thing that is wrong ends it.
type parser struct {
	text  []byte
	at    int
	wrong string
}

// fail notes what is wrong here, and is false.
func (p *parser) fail(message string) bool {
	if p.wrong == "" {
		p.wrong = message
	}
	return false
}

func (p *parser) error() error {
	before := p.text[:min(p.at, len(p.text))]
	line := bytes.Count(before, []byte{'\n'})
	return &SyntaxError{line + 1, len(before) - bytes.LastIndexByte(before, '\n'), p.wrong}
}

// blanks passes over white space.
func (p *parser) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take passes over a byte, if it is the next.
func (p *parser) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// value reads a value at the given depth.
func (p *parser) value(depth int) (v Value, ok bool) {
	p.blanks()
	switch {
	case depth > MaxDepth:
		return v, p.fail("it nests too deep")
	case p.at >= len(p.text):
		return v, p.fail("it ends where a value is expected")
	case p.take('{'):
		v.Kind = Object
		return v, p.object(&v, depth)
	case p.take('['):
		v.Kind = Array
		return v, p.array(&v, depth)
	case p.take('"'):
		v.Kind = String
		v.Text, ok = p.string()
		return v, ok
	}
	return p.scalar()
}

// scalar reads a word or a number.
func (p *parser) scalar() (Value, bool) {
	for _, word := range [...]struct {
		text string
		kind Kind
	}{{"null", Null}, {"true", Bool}, {"false", Bool}} {
		if bytes.HasPrefix(p.text[p.at:], []byte(word.text)) {
			p.at += len(word.text)
			return Value{Kind: word.kind, Text: word.text}, true
		}
	}
	start := p.at
	if !p.number() {
		p.at = start
		return Value{}, p.fail("a value is expected")
	}
	return Value{Kind: Number, Text: string(p.text[start:p.at])}, true
}

// number passes over a number: no plus sign, no leading zero, digits on both
// sides of the point.
func (p *parser) number() bool {
	p.take('-')
	if !p.take('0') && !p.digits() {
		return false
	}
	if p.take('.') && !p.digits() {
		return false
	}
	if p.take('e') || p.take('E') {
		if !p.take('+') {
			p.take('-')
		}
		return p.digits()
	}
	return true
}

func (p *parser) digits() bool {
	start := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

func (p *parser) array(v *Value, depth int) bool {
	if p.blanks(); p.take(']') {
		return true
	}
	for {
		item, ok := p.value(depth + 1)
		if !ok {
			return false
		}
		v.Items = append(v.Items, item)
		if p.blanks(); p.take(']') {
			return true
		}
		if !p.take(',') {
			return p.fail("a comma or ] is expected")
		}
	}
}

func (p *parser) object(v *Value, depth int) bool {
	if p.blanks(); p.take('}') {
		return true
	}
	seen := map[string]bool{}
	for {
		if p.blanks(); !p.take('"') {
			return p.fail("a member's name is expected")
		}
		name, ok := p.string()
		switch {
		case !ok:
			return false
		case seen[name]:
			return p.fail("a member stands twice")
		}
		seen[name] = true
		if p.blanks(); !p.take(':') {
			return p.fail("a colon is expected")
		}
		member, ok := p.value(depth + 1)
		if !ok {
			return false
		}
		v.Members = append(v.Members, Member{name, member})
		if p.blanks(); p.take('}') {
			return true
		}
		if !p.take(',') {
			return p.fail("a comma or } is expected")
		}
	}
}

// string reads what stands behind a quotation mark, up to the next.
func (p *parser) string() (string, bool) {
	var b strings.Builder
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return b.String(), true
		case c < ' ':
			return "", p.fail("a control character stands in a string")
		case c == '\\':
			r, ok := p.escape()
			if !ok {
				return "", false
			}
			b.WriteRune(r)
		default:
			r, n := utf8.DecodeRune(p.text[p.at:])
			if r == utf8.RuneError && n == 1 {
				return "", p.fail("a string is not UTF-8")
			}
			b.Write(p.text[p.at : p.at+n])
			p.at += n
		}
	}
	return "", p.fail("a string does not end")
}

// escape reads a backslash and what stands for a rune behind it.
func (p *parser) escape() (rune, bool) {
	const names, runes = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if p.at+1 >= len(p.text) {
		return 0, p.fail("a string does not end")
	}
	c := p.text[p.at+1]
	if i := strings.IndexByte(names, c); i >= 0 {
		p.at += 2
		return rune(runes[i]), true
	}
	if c != 'u' {
		return 0, p.fail("there is no such escape")
	}
	r, ok := p.unit()
	if !ok {
		return 0, p.fail("four hex digits are expected")
	}
	if !utf16.IsSurrogate(r) {
		return r, true
	}
	low, ok := p.unit()
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, p.fail("half of a surrogate pair")
	}
	return r, true
}

// unit reads \uXXXX.
func (p *parser) unit() (rune, bool) {
	if p.at+6 > len(p.text) || p.text[p.at] != '\\' || p.text[p.at+1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range p.text[p.at+2 : p.at+6] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		r = r<<4 | rune(digit)
	}
	p.at += 6
	return r, true
}

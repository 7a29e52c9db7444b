package source

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// syntax puts an error of the YAML reader into our words and finds its place:
// the reader tells a line at most, and which line depends on the error.
func (p *parser) syntax(err error, text []byte) {
	told, problem := splitSyntax(err.Error())
	c := complain(problem)
	line := told
	switch c.where {
	case whereOpened:
		line = told + 1
	case whereStopped:
		line = p.stopped(text)
	}
	line = min(max(line, 1), len(p.lines))
	if tab, ok := p.tab(line); ok && c.tab {
		p.report(diag.YAMLTab, tab, "a tab is used for indentation", "indent with spaces")
		return
	}
	at := p.whole(line)
	if c.find != nil {
		at = c.find(p, line, problem)
	}
	message := c.message
	if message == "" {
		message = "this is not valid YAML: " + problem
	}
	p.report(c.code, at, message, c.help)
}

// complain finds what a message of the reader means.
func complain(problem string) complaint {
	for i := range complaints {
		if strings.Contains(problem, complaints[i].says) {
			return complaints[i]
		}
	}
	return complaint{code: diag.YAMLSyntax}
}

// splitSyntax takes the line off a message like "yaml: line 3: did not find …".
func splitSyntax(s string) (line int, problem string) {
	problem = strings.TrimPrefix(s, "yaml: ")
	if rest, ok := strings.CutPrefix(problem, "line "); ok {
		number, rest, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			return n, rest
		}
	}
	return 0, problem
}

// stopped is the line on which the YAML reader gives up. It reads ahead by at
// most four bytes when it is fed one at a time.
func (p *parser) stopped(text []byte) int {
	const ahead = 4
	offset := max(0, stopOffset(text)-ahead)
	return 1 + strings.Count(string(text[:offset]), "\n")
}

// whole is the text of a line without the blanks around it.
func (p *parser) whole(line int) diag.Span {
	text := p.lines[line-1]
	trimmed := strings.TrimLeft(text, " \t")
	at := diag.Position{Line: line, Column: len(text) - len(trimmed) + 1}
	return wide(at, strings.TrimRight(trimmed, " \t"))
}

// tab is the first tab in the indentation of a line or of the one behind it:
// the reader often stops one line early.
func (p *parser) tab(line int) (diag.Span, bool) {
	for n := line; n <= min(line+1, len(p.lines)); n++ {
		text := p.lines[n-1]
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		if i := strings.IndexByte(indent, '\t'); i >= 0 {
			return diag.At(n, i+1), true
		}
	}
	return diag.Span{}, false
}

// locate is the n-th place of mark on a line, or the whole line.
func (p *parser) locate(line, n int, mark string) diag.Span {
	text, offset := p.lines[line-1], 0
	for ; n > 0; n-- {
		i := strings.Index(text[offset:], mark)
		if i < 0 {
			return p.whole(line)
		}
		offset += i + len(mark)
	}
	before := text[:offset-len(mark)]
	return diag.At(line, len([]rune(before))+1)
}

// The finders look for a problem's column on its line.

func secondColon(p *parser, line int, _ string) diag.Span { return p.locate(line, 2, ": ") }
func backslash(p *parser, line int, _ string) diag.Span   { return p.locate(line, 1, `\`) }
func star(p *parser, line int, _ string) diag.Span        { return p.locate(line, 1, "*") }
func bracket(p *parser, line int, _ string) diag.Span     { return p.locate(line, 1, "[") }
func brace(p *parser, line int, _ string) diag.Span       { return p.locate(line, 1, "{") }

// alias finds an alias by the name that the reader tells; it tells no line.
func alias(p *parser, line int, problem string) diag.Span {
	_, rest, _ := strings.Cut(problem, "'")
	name, _, _ := strings.Cut(rest, "'")
	for i := range p.lines {
		if strings.Contains(p.lines[i], "*"+name) {
			at := p.locate(i+1, 1, "*"+name)
			at.End.Column += len([]rune(name))
			return at
		}
	}
	return p.whole(line)
}

// reserved finds the value that begins with one of the characters that YAML
// keeps for itself.
func reserved(p *parser, line int, _ string) diag.Span {
	for _, before := range [...]string{": ", "- ", "[", ", "} {
		for _, mark := range [...]string{"@", "`", "%"} {
			if strings.Contains(p.lines[line-1], before+mark) {
				at := p.locate(line, 1, before+mark)
				at.Start.Column += len(before)
				at.End.Column += len(before)
				return at
			}
		}
	}
	return p.whole(line)
}

// directives reports lines that begin with % above the profile.
func (p *parser) directives() {
	for i, line := range p.lines {
		switch {
		case strings.HasPrefix(line, "%"):
			p.report(diag.YAMLDirective, p.whole(i+1), "found a YAML directive", "remove the line")
		case line != "" && !strings.HasPrefix(strings.TrimLeft(line, " \t"), "#"):
			return
		}
	}
}

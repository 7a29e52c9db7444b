package policy

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// syntax puts an error of the YAML reader into our words. The reader tells a
// line at most; the column is looked for on it.
func (p *parser) syntax(err error) {
	line, problem := splitSyntax(err.Error())
	line = min(max(line, 1), len(p.lines))
	for i := range complaints {
		c := &complaints[i]
		if !strings.Contains(problem, c.says) {
			continue
		}
		code := c.code
		at := p.whole(line)
		if c.find != nil {
			at = c.find(p, line)
		}
		if tab, ok := p.tab(at.Start.Line); ok && c.tab {
			code, at = diag.YAMLTab, tab
			p.report(code, at, "a tab is used for indentation", "indent with spaces")
			return
		}
		p.report(code, at, c.message, c.help)
		return
	}
	p.report(diag.YAMLSyntax, p.whole(line), "this is not valid YAML: "+problem, "")
}

// complaint is one message of the YAML reader and what it means.
type complaint struct {
	says    string
	code    diag.Code
	message string
	help    string
	tab     bool // a tab in the indentation of that line is the likely cause
	find    func(p *parser, line int) diag.Span
}

var complaints = [...]complaint{
	{"found character that cannot start any token", diag.YAMLSyntax,
		"a value cannot begin with this character", "put the value in quotes", true, reserved},
	{"tab character", diag.YAMLTab, "a tab is used for indentation", "indent with spaces", true, nil},
	{"mapping values are not allowed", diag.YAMLSyntax,
		"a second `: ` on one line, or a key that is indented too far", "put a value that holds `: ` in quotes, and line up keys of one mapping", true, secondColon},
	{"could not find expected ':'", diag.YAMLSyntax,
		"a key without `:`", "write `key: value`", true, nil},
	{"did not find expected key", diag.YAMLSyntax,
		"expected a key here", "line up the keys of a mapping, and put values that begin with a quote wholly in quotes", true, nil},
	{"did not find expected '-' indicator", diag.YAMLSyntax,
		"expected `- ` here", "line up the items of a list", true, nil},
	{"did not find expected ',' or ']'", diag.YAMLSyntax,
		"a list in brackets is not closed, or a comma is missing", "write `[a, b]`", false, nil},
	{"did not find expected ',' or '}'", diag.YAMLSyntax,
		"a mapping in braces is not closed, or a comma is missing", "write `{a: 1, b: 2}`", false, nil},
	{"did not find expected node content", diag.YAMLSyntax,
		"expected a value here", "a comma or a bracket may be left over", false, nil},
	{"found unexpected end of stream", diag.YAMLSyntax,
		"a quote is not closed", "close it on the same line", false, nil},
	{"found unexpected document indicator", diag.YAMLSyntax,
		"a quote is not closed before `---` or `...`", "close it on the same line", false, nil},
	{"found unknown escape character", diag.YAMLSyntax,
		"unknown escape behind a backslash in double quotes", `write \\ for a backslash, or use single quotes`, false, backslash},
	{"did not find expected hexdecimal number", diag.YAMLSyntax,
		"an escape needs hexadecimal digits", `write \xNN, \uNNNN or \UNNNNNNNN`, false, backslash},
	{"found invalid Unicode character escape code", diag.YAMLSyntax,
		"the escape is not a Unicode character", "", false, backslash},
	{"unknown anchor", diag.YAMLAlias, "found an alias", "write the value out", false, star},
	{"block sequence entries are not allowed", diag.YAMLSyntax,
		"a list cannot begin here", "begin it on a line of its own", true, nil},
	{"mapping keys are not allowed", diag.YAMLSyntax, "a key cannot begin here", "", true, nil},
	{"exceeded max depth", diag.TooDeep, "nested deeper than 32 levels", "", false, nil},
	{"directive", diag.YAMLDirective, "found a YAML directive", "remove the line", false, nil},
	{"%YAML", diag.YAMLDirective, "found a YAML directive", "remove the line", false, nil},
	{"incompatible YAML document", diag.YAMLDirective, "found a YAML directive", "remove the line", false, nil},
	{"tag", diag.YAMLTag, "found a YAML tag", "remove it", false, nil},
	{"did not find expected alphabetic or numeric character", diag.YAMLSyntax,
		"`&` and `*` begin an anchor or an alias", "put the value in quotes", false, star},
	{"did not find expected <document start>", diag.YAMLSyntax,
		"text behind the end of the profile", "remove it, or line it up with the keys above", true, nil},
	{"indentation indicator", diag.YAMLSyntax, "`|` and `>` take no 0", "", false, nil},
	{"did not find expected comment or line break", diag.YAMLSyntax,
		"only a comment may follow here", "", false, nil},
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
	return 1, problem
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

func secondColon(p *parser, line int) diag.Span { return p.locate(line, 2, ": ") }
func backslash(p *parser, line int) diag.Span   { return p.locate(line, 1, `\`) }
func star(p *parser, line int) diag.Span        { return p.locate(line, 1, "*") }

// reserved finds the value that begins with one of the characters that YAML
// keeps for itself.
func reserved(p *parser, line int) diag.Span {
	for _, mark := range []string{": @", ": `", ": %", "- @", "- `", "- %", "[@", "[`", "[%", ", @", ", `", ", %"} {
		if at := p.locate(line, 1, mark); at != p.whole(line) {
			at.Start.Column += len(mark) - 1
			at.End.Column += len(mark) - 1
			return at
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

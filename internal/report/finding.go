package report

import (
	"strings"

	"github.com/netjail/netjail/internal/audit"
)

// block writes everything about a finding that stands against the start.
func (p *printer) block(f *audit.Finding) {
	p.below("  "+f.Check, sideColumn, f.Note)
	a := about(f)
	p.detail("expected", f.Expected)
	p.detail("found", f.Found)
	p.detail("seen", seen(f))
	p.detail("evidence", f.Source)
	p.detail("proves", a.proves)
	p.detail("key", strings.TrimPrefix(a.key, "-"))
	p.detail("remedy", a.remedy)
}

// detail is a named value below a check.
func (p *printer) detail(name, value string) {
	if value != "" {
		p.below("    "+name, sideColumn, value)
	}
}

// row writes a finding that does not stand against the start on one line, or as
// few as it takes.
func (p *printer) row(f *audit.Finding) {
	p.below(pad("  "+f.Check+" ", sideColumn)+seen(f), bodyColumn, statement(f))
	if p.options.Verbose && f.Source != "" {
		p.below("", bodyColumn, "["+f.Source+"]")
	}
}

// statement is what was found, and what was expected where that is not the same.
func statement(f *audit.Finding) string {
	text := f.Found
	switch {
	case f.Found == "":
		text = f.Expected
	case f.Expected != "" && f.Expected != f.Found:
		text = "expected " + f.Expected + ", found " + f.Found
	}
	note := f.Note
	if f.Waiver != "" {
		note = joined(note, "waived: "+f.Waiver)
	}
	return joined(text, note)
}

// joined is a text with another one behind it.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// seen is from where a fact was seen and when: "both, by rule".
func seen(f *audit.Finding) string {
	switch {
	case f.Side == audit.SideNone:
		return ""
	case f.Basis == "":
		return f.Side.String()
	}
	return f.Side.String() + ", " + f.Basis
}

package cli

import "strings"

// roff writes a manual page in the man(7) macros.
type roff struct{ b strings.Builder }

// line writes one line as it is.
func (r *roff) line(s string) { r.b.WriteString(s + "\n") }

// title begins the page.
func (r *roff) title(name, section, subject string) {
	r.line(`.\" Generated from netjail's tables by "go test ./internal/cli -update". Do not edit.`)
	r.line(".TH " + name + " " + section + ` "" netjail "` + subject + `"`)
}

func (r *roff) section(name string)    { r.line(".SH " + name) }
func (r *roff) subsection(name string) { r.line(".SS " + roffText(name)) }

// paragraph writes text in which `code` is set in bold.
func (r *roff) paragraph(s string) {
	r.line(".PP")
	r.text(s)
}

// entry writes a term and what it means.
func (r *roff) entry(term, meaning string) {
	r.line(".TP")
	r.line(`\fB` + roffText(term) + `\fR`)
	r.text(meaning)
}

// text writes running text, a sentence a line.
func (r *roff) text(s string) {
	parts := strings.Split(s, "`")
	for i := range parts {
		parts[i] = roffText(parts[i])
		if i%2 == 1 {
			parts[i] = `\fB` + parts[i] + `\fR`
		}
	}
	joined := strings.Join(parts, "")
	for _, l := range strings.Split(strings.ReplaceAll(joined, ". ", ".\n"), "\n") {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			l = `\&` + l
		}
		r.line(l)
	}
}

// example writes lines as they are typed.
func (r *roff) example(lines string) {
	r.line(".PP")
	r.line(".in +4n")
	r.line(".EX")
	for _, l := range strings.Split(lines, "\n") {
		r.line(roffText(l))
	}
	r.line(".EE")
	r.line(".in")
}

// roffText escapes what troff would act on: minus signs that are typed are no
// hyphens.
func roffText(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", `\&...`, "'", `\(aq`).Replace(s)
}

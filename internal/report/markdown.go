package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/markup"
)

// WriteMarkdown writes the report as GitHub's Markdown, for a pull request's
// comment: the verdict, what stands against the start, then the rest in tables
// that are folded away.
func WriteMarkdown(w io.Writer, r *Report) error {
	m := markdown{}
	m.line("### netjail audit: " + r.Outcome.String() + "\n\n" + r.Counts().text() + r.degraded() + markup.Cell(r.exitText()) + "\n")
	for g := range groups {
		m.group(g, r.ofGroup(g))
	}
	m.atExit(r.AtExit)
	m.fold("About this audit", func() {
		m.row("fact", "value")
		m.row("---", "---")
		for _, f := range r.facts() {
			m.row(f.Name, markup.Code(f.Value))
		}
	})
	_, err := io.WriteString(w, m.text.String())
	return err
}

// markdown collects the text.
type markdown struct{ text strings.Builder }

func (m *markdown) line(s string) { m.text.WriteString(s + "\n") }

func (m *markdown) row(cells ...string) { m.line("| " + strings.Join(cells, " | ") + " |") }

// fold hides what a reader of the verdict need not see at first.
func (m *markdown) fold(summary string, body func()) {
	m.line("<details><summary>" + summary + "</summary>\n")
	body()
	m.line("\n</details>\n")
}

// group writes one group: in full where it stands against the start.
func (m *markdown) group(g group, list []audit.Finding) {
	if len(list) == 0 {
		return
	}
	title := headings[g].word + " (" + strconv.Itoa(len(list)) + ")"
	switch {
	case g == groupFail || g == groupOpen || g == groupUnknown:
		m.line("#### " + title + "\n")
		m.findings(list, true)
		m.line("")
	case g >= groupNotApplicable:
		m.fold(title, func() { m.reasons(list) })
	default:
		m.fold(title, func() { m.findings(list, false) })
	}
}

func (m *markdown) findings(list []audit.Finding, remedy bool) {
	head := []string{"check", "seen", "statement", "evidence"}
	if remedy {
		head = append(head, "what to do")
	}
	m.row(head...)
	m.row(strings.Split(strings.Repeat("---,", len(head)-1)+"---", ",")...)
	for i := range list {
		f := &list[i]
		cells := []string{markup.Code(f.Check), markup.Cell(seen(f)), markup.Cell(statement(f)), markup.Cell(f.Source)}
		if remedy {
			cells = append(cells, markup.Cell(about(f).remedy))
		}
		m.row(cells...)
	}
}

func (m *markdown) reasons(list []audit.Finding) {
	m.row("check", "why")
	m.row("---", "---")
	for i := range list {
		m.row(markup.Code(list[i].Check), markup.Cell(skipReason(&list[i])))
	}
}

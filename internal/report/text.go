package report

import (
	"cmp"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/markup"
)

// TextOptions choose how the text looks.
type TextOptions struct {
	Color bool
	// Verbose adds the evidence to what passed, and a line for each channel that
	// is not examined.
	Verbose bool
}

// The columns of the text.
const (
	textWidth  = 100
	nameColumn = 2  // where a check's name starts
	sideColumn = 22 // from where it was seen
	bodyColumn = 48 // what was found
	itemColumn = 14 // the values below a failure and in the head
)

// WriteText writes the report for people: one line that says it all, then the
// failures, what could not be told, what is open on purpose, what passed, and
// what nobody looked at.
func WriteText(w io.Writer, r *Report, o TextOptions) error {
	p := printer{options: o}
	p.verdict(r)
	p.head(r)
	for g := range groups {
		p.group(g, r.ofGroup(g))
	}
	p.atExit(r.AtExit)
	_, err := w.Write(p.text)
	return err
}

// printer collects the text.
type printer struct {
	options TextOptions
	text    []byte
}

func (p *printer) line(s string) { p.text = append(append(p.text, s...), '\n') }

// paint puts s in a colour of ECMA-48, where colours are wanted.
func (p *printer) paint(color, s string) string {
	if !p.options.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// below writes text from a column on, its first line behind what already stands
// there, or below that where it reaches into the column.
func (p *printer) below(before string, column int, text string) {
	if utf8.RuneCountInString(before) >= column {
		p.line(strings.TrimRight(before, " "))
		before = ""
	}
	for _, l := range wrap(markup.Visible(text), textWidth-column) {
		p.line(strings.TrimRight(pad(before, column)+l, " "))
		before = ""
	}
}

// verdict is the first line.
func (p *printer) verdict(r *Report) {
	c := r.Counts()
	color := headings[groupPass].color
	switch {
	case r.Outcome == Failed || r.Outcome == Refused || c.Fail+c.Open > 0 || r.AtExit.Verdict() == ExitFail:
		color = headings[groupFail].color
	case c.Unknown > 0:
		color = headings[groupUnknown].color
	}
	p.line(p.paint(color, r.Outcome.String()) + ": " + c.text() + r.degraded() + r.exitText())
}

// text is "39 checks: 33 pass, 6 declared; 65 channels not examined". Failures
// are named first, and only where there are any.
func (c Counts) text() string {
	text := strconv.Itoa(c.Checks) + " checks: "
	if c.Checks == 1 {
		text = "1 check: "
	}
	for _, n := range []struct {
		count int
		word  string
	}{{c.Fail, "fail"}, {c.Open, "open"}, {c.Unclosable, "open on this host"}, {c.Unknown, "unknown"}, {c.Declared, "declared"}, {c.NotApplicable, "not applicable"}} {
		if n.count > 0 {
			text += strconv.Itoa(n.count) + " " + n.word + ", "
		}
	}
	if c.Open+c.Closed > 0 {
		text += strconv.Itoa(c.Closed) + " closed"
	} else {
		text += strconv.Itoa(c.Pass) + " pass"
	}
	if c.NotObservable > 0 {
		text += "; " + strconv.Itoa(c.NotObservable) + " cannot be known from outside"
	}
	if c.NotExamined > 0 {
		text += "; " + strconv.Itoa(c.NotExamined) + " channels not examined"
	}
	return text
}

// degraded ends the first line where the host lacks something.
func (r *Report) degraded() string {
	if len(r.Degraded) == 0 {
		return ""
	}
	return "; degraded: " + strconv.Itoa(len(r.Degraded))
}

// exitText ends the first line where somebody was to look at the end.
func (r *Report) exitText() string {
	if r.AtExit == nil {
		return ""
	}
	return "; " + r.AtExit.text()
}

// head says of what the report is.
func (p *printer) head(r *Report) {
	profile := cmp.Or(r.Profile.Name, "none")
	if r.Profile.Source != "" {
		profile += " (" + r.Profile.Source + ")"
	}
	p.item("profile", profile)
	p.item("digest", r.Profile.Digest)
	p.item("command", strings.Join(r.Command, " "))
	mode := ""
	if r.judged() {
		mode = r.mode() + ", "
	}
	p.item("run", mode+"uid "+strconv.FormatUint(uint64(r.User.UID), 10)+", gid "+
		strconv.FormatUint(uint64(r.User.GID), 10)+", "+stamp(r.Time))
	host := "Linux " + r.Kernel + ", netjail " + r.Netjail
	if len(r.LSMs) > 0 {
		host += ", security modules " + strings.Join(r.LSMs, " ")
	}
	p.item("host", host)
	p.item("launcher", r.Launcher)
	for _, f := range r.Process {
		p.item(f.Name, f.Value)
	}
	if unused := r.unusedWaivers(); len(unused) > 0 {
		p.item("waivers", "of nothing: "+strings.Join(unused, " "))
	}
	for i := range r.Degraded {
		p.item("degraded", r.Degraded[i].String())
	}
}

// item is a named value; one without a value is left out.
func (p *printer) item(name, value string) {
	if value != "" {
		p.below("  "+name, itemColumn, value)
	}
}

// group writes the findings of one group under its heading.
func (p *printer) group(g group, list []audit.Finding) {
	if len(list) == 0 {
		return
	}
	h := headings[g]
	title := p.paint(h.color, h.word) + " (" + strconv.Itoa(len(list)) + ")"
	if h.rest != "" {
		title += ": " + h.rest
	}
	p.line("")
	p.line(title)
	if g >= groupNotAttempted && !p.options.Verbose {
		p.names(list)
		return
	}
	for i := range list {
		p.finding(g, &list[i])
	}
}

// names are the checks of a group and nothing more.
func (p *printer) names(list []audit.Finding) {
	all := make([]string, 0, len(list))
	for i := range list {
		all = append(all, list[i].Check)
	}
	p.below("", nameColumn, strings.Join(all, " "))
}

func (p *printer) finding(g group, f *audit.Finding) {
	switch g {
	case groupFail, groupUnknown:
		p.block(f)
	case groupNotApplicable, groupNotAttempted, groupNotObservable:
		p.below("  "+f.Check, bodyColumn, f.Note)
	case groupNotExamined:
		p.below("  "+f.Check, bodyColumn-sideColumn+4, about(f).proves)
	default:
		p.row(f)
	}
}

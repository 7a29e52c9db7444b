package diag

import (
	"strconv"
	"strings"
)

// Text says how a List is written for people.
type Text struct {
	// Source gives the bytes of a file that a Diagnostic names; nil bytes, or a
	// nil Source, leave out the line that would be shown.
	Source func(file string) []byte
	// Color says whether to use ANSI colours.
	Color bool
}

// The colours: SGR parameters.
const (
	bold   = "1"
	red    = "1;31"
	yellow = "1;33"
	blue   = "1;34"
	cyan   = "1;36"
)

// maxShown is how many problems are written out; nobody reads more, and a
// hostile file has ten thousand. The JSON form holds all of them.
const maxShown = 100

// Append appends the list to dst, each problem with its source line.
func (t Text) Append(dst []byte, l List) []byte {
	for i := range l {
		if i == maxShown {
			return append(dst, "… and "+strconv.Itoa(len(l)-maxShown)+" more problems\n"...)
		}
		dst = t.one(dst, &l[i])
	}
	return dst
}

func (t Text) one(dst []byte, d *Diagnostic) []byte {
	margin := strings.Repeat(" ", t.gutter(d)+1)
	word := red
	if d.Severity == Warning {
		word = yellow
	}
	dst = t.paint(dst, bold, place(d.File, d.Span.Start))
	dst = t.paint(dst, word, d.Severity.String()+":")
	dst = append(dst, " "+clean(d.Message)+" ["+string(d.Code)+"]\n"...)
	dst = t.snippet(dst, d.File, d.Span, margin, word)
	for _, n := range d.Notes {
		dst = t.remark(dst, margin, "note", place(n.File, n.Span.Start)+n.Message)
		dst = t.snippet(dst, n.File, n.Span, margin, cyan)
	}
	if d.Help != "" {
		dst = t.remark(dst, margin, "help", d.Help)
	}
	return dst
}

// gutter is the width of the widest line number that d shows.
func (t Text) gutter(d *Diagnostic) int {
	last := max(d.Span.Start.Line, 1)
	for _, n := range d.Notes {
		last = max(last, n.Span.Start.Line)
	}
	return len(strconv.Itoa(last))
}

// remark appends "  = label: text"; further lines of text are indented.
func (t Text) remark(dst []byte, margin, label, text string) []byte {
	indent := "\n" + margin + strings.Repeat(" ", len(label)+4)
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	dst = append(dst, margin...)
	dst = t.paint(dst, blue, "= ")
	dst = t.paint(dst, bold, label+":")
	return append(dst, " "+strings.Join(lines, indent)+"\n"...)
}

// snippet appends the line that s begins on, with s underlined.
func (t Text) snippet(dst []byte, file string, s Span, margin, color string) []byte {
	if t.Source == nil || !s.Start.Known() {
		return dst
	}
	src := t.Source(file)
	if src == nil {
		return dst
	}
	line, indent, length := excerpt(Line(src, s.Start.Line), s)
	number := strconv.Itoa(s.Start.Line)
	number += strings.Repeat(" ", len(margin)-len(number))
	dst = append(t.paint(dst, blue, margin+"|"), '\n')
	dst = t.paint(dst, blue, number+"|")
	dst = append(dst, strings.TrimRight(" "+line, " ")+"\n"...)
	dst = t.paint(dst, blue, margin+"|")
	dst = append(dst, strings.Repeat(" ", indent+1)...)
	dst = t.paint(dst, color, "^"+strings.Repeat("~", length-1))
	return append(dst, '\n')
}

// excerpt is the line as shown, and where its underline begins and how long it
// is, in terminal cells; at least one cell.
func excerpt(line string, s Span) (text string, indent, length int) {
	cells := lay(line)
	start := max(s.Start.Column-1, 0)
	end := s.End.Column - 1
	if s.End.Line > s.Start.Line {
		end = len(cells)
	}
	text, cut := window(cells, start)
	past := 0 // how far the place lies behind the line's end, as at the end of a file
	if start > len(cells) {
		past = min(start-len(cells), 1)
		start = len(cells)
	}
	end = min(max(end, start), len(cells))
	indent = width(cells[cut:start]) + past
	if cut > 0 {
		indent++
	}
	return text, indent, max(1, min(width(cells[start:end]), maxWidth-indent))
}

func (t Text) paint(dst []byte, color, s string) []byte {
	if !t.Color || s == "" {
		return append(dst, s...)
	}
	return append(dst, "\x1b["+color+"m"+s+"\x1b[0m"...)
}

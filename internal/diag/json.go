package diag

import "strconv"

// AppendJSON appends {"version":1,"diagnostics":[…]} and a line break. Keys
// that hold nothing are left out; lines and columns are those of Position.
func AppendJSON(dst []byte, l List) []byte {
	dst = append(dst, `{"version":1,"diagnostics":[`...)
	for i := range l {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = l[i].appendJSON(append(dst, "\n  "...))
	}
	if len(l) > 0 {
		dst = append(dst, '\n')
	}
	return append(dst, "]}\n"...)
}

func (d *Diagnostic) appendJSON(dst []byte) []byte {
	dst = AppendQuote(append(dst, `{"code":`...), string(d.Code))
	dst = AppendQuote(append(dst, `,"severity":`...), d.Severity.String())
	dst = appendText(dst, "file", d.File)
	dst = appendSpan(dst, d.Span)
	dst = appendText(dst, "path", d.Path)
	dst = AppendQuote(append(dst, `,"message":`...), d.Message)
	dst = appendNotes(dst, d.Notes)
	dst = appendText(dst, "help", d.Help)
	if d.Edit != nil {
		dst = AppendQuote(append(dst, `,"edit":{"text":`...), d.Edit.Text)
		dst = append(appendSpan(dst, d.Edit.Span), '}')
	}
	return append(dst, '}')
}

func appendNotes(dst []byte, notes []Note) []byte {
	for i, n := range notes {
		if i == 0 {
			dst = append(dst, `,"notes":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = AppendQuote(append(dst, `{"message":`...), n.Message)
		dst = appendText(dst, "file", n.File)
		dst = append(appendSpan(dst, n.Span), '}')
	}
	if len(notes) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

func appendText(dst []byte, key, s string) []byte {
	if s == "" {
		return dst
	}
	dst = append(dst, `,"`+key+`":`...)
	return AppendQuote(dst, s)
}

func appendSpan(dst []byte, s Span) []byte {
	if !s.Start.Known() {
		return dst
	}
	dst = appendInt(dst, "line", s.Start.Line)
	dst = appendInt(dst, "column", s.Start.Column)
	dst = appendInt(dst, "endLine", s.End.Line)
	return appendInt(dst, "endColumn", s.End.Column)
}

func appendInt(dst []byte, key string, n int) []byte {
	dst = append(dst, `,"`+key+`":`...)
	return strconv.AppendInt(dst, int64(n), 10)
}

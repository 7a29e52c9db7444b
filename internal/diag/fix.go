package diag

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Fix carries out the edits of the list's problems on the text that they were
// found in, and counts them. Of two that overlap it makes the first; the other
// is still there to be found the next time.
func (l List) Fix(text []byte) (fixed []byte, made int) {
	var edits []Edit
	for i := range l {
		if l[i].Edit != nil {
			edits = append(edits, *l[i].Edit)
		}
	}
	slices.SortStableFunc(edits, func(a, b Edit) int {
		if a.Span.Start.before(b.Span.Start) {
			return -1
		}
		return 1
	})
	done := 0
	for _, e := range edits {
		from, ok := offset(text, e.Span.Start)
		to, fine := offset(text, e.Span.End)
		if !ok || !fine || from < done || to < from {
			continue
		}
		fixed = append(append(fixed, text[done:from]...), e.Text...)
		done = to
		made++
	}
	return append(fixed, text[done:]...), made
}

// offset is the place of a position in bytes. A byte order mark has no column.
func offset(text []byte, p Position) (n int, ok bool) {
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		n = len("\ufeff")
	}
	for line := 1; line < p.Line; line++ {
		i := bytes.IndexByte(text[n:], '\n')
		if i < 0 {
			return 0, false
		}
		n += i + 1
	}
	for column := 1; column < p.Column; column++ {
		r, size := utf8.DecodeRune(text[n:])
		if size == 0 || r == '\n' {
			return 0, false
		}
		n += size
	}
	return n, p.Known()
}

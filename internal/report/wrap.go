package report

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks text into lines of at most width runes: between words, and in a
// word that is too long behind a comma. What cannot be broken stays whole.
func wrap(text string, width int) []string {
	var lines []string
	line, length := "", 0
	for _, w := range pieces(text, width) {
		n := utf8.RuneCountInString(w)
		if length > 0 && length+utf8.RuneCountInString(strings.TrimRight(w, " ")) > width {
			lines, line, length = append(lines, strings.TrimRight(line, " ")), "", 0
		}
		line, length = line+w, length+n
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces are the unbreakable parts of a text, each with the space behind it.
func pieces(text string, width int) []string {
	var list []string
	for _, word := range strings.SplitAfter(text, " ") {
		if utf8.RuneCountInString(word) <= width {
			list = append(list, word)
			continue
		}
		list = append(list, strings.SplitAfter(word, ",")...)
	}
	return list
}

// pad fills s with spaces up to width runes.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

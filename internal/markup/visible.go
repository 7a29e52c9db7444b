package markup

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Visible is s with everything that a terminal would act on written as an
// escape: names of files and arguments are foreign text.
func Visible(s string) string {
	unsafe := func(r rune) bool { return !strconv.IsPrint(r) }
	if !strings.ContainsFunc(s, unsafe) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !unsafe(r) && r != utf8.RuneError {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}

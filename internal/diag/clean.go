package diag

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes text of foreign origin safe for a terminal: what would move the
// cursor, change colours or reorder the line is replaced by a visible sign.
func clean(s string) string {
	if !strings.ContainsFunc(s, unsafeRune) {
		return s
	}
	return strings.Map(visible, s)
}

// visible is the sign shown for r; never zero, one or two cells wide as r is.
func visible(r rune) rune {
	switch {
	case r < 0x20:
		return 0x2400 + r // the control pictures: ␀ ␁ … ␟
	case r == 0x7f:
		return 0x2421 // ␡
	case unsafeRune(r):
		return utf8.RuneError
	}
	return r
}

// unsafeRune says whether r must not reach a terminal as it is. A broken byte
// arrives here as utf8.RuneError and is replaced by that rune's own text.
func unsafeRune(r rune) bool {
	return r < 0x20 || r == utf8.RuneError || 0x7f <= r && r < 0xa0 || Invisible(r)
}

// Invisible says whether r changes how a line is laid out without being seen:
// line and paragraph separators, the controls of bidirectional text, and the
// byte order mark. They can make a profile look other than it is.
func Invisible(r rune) bool {
	switch {
	case r == 0x85, r == 0x2028, r == 0x2029, r == 0xfeff, r == 0x61c:
		return true
	case 0x200e <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return true
	case r&0xfffe == 0xfffe, 0xe0000 <= r && r <= 0xe007f: // noncharacters, tags
		return true
	}
	return false
}

// zeroWidth says whether r takes no cell of its own.
func zeroWidth(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r) && r != 0xad ||
		0x1160 <= r && r <= 0x11ff
}

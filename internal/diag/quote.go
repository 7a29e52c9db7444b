package diag

import "unicode/utf8"

const hexDigits = "0123456789abcdef"

// AppendQuote appends s as a JSON string. Bytes that are not UTF-8 become
// U+FFFD; runes that a terminal would act on are written as escapes.
func AppendQuote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		dst = appendRune(dst, r)
	}
	return append(dst, '"')
}

// AppendQuoteYAML is AppendQuote for a double-quoted scalar of YAML, where a
// rune above U+FFFF is \UXXXXXXXX and not a pair of surrogates.
func AppendQuoteYAML(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		if r > 0xffff && unsafeRune(r) {
			dst = appendHex(append(dst, '\\', 'U'), r>>16)
			dst = appendHex(dst, r)
			continue
		}
		dst = appendRune(dst, r)
	}
	return append(dst, '"')
}

func appendRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\t':
		return append(dst, '\\', 't')
	case r == utf8.RuneError || !unsafeRune(r):
		return utf8.AppendRune(dst, r)
	case r > 0xffff:
		r -= 0x10000
		return appendUnit(appendUnit(dst, 0xd800+r>>10), 0xdc00+r&0x3ff)
	}
	return appendUnit(dst, r)
}

// appendUnit appends \uXXXX.
func appendUnit(dst []byte, u rune) []byte {
	return appendHex(append(dst, '\\', 'u'), u)
}

// appendHex appends the low 16 bits as four digits.
func appendHex(dst []byte, u rune) []byte {
	return append(dst, hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}

// Quote is AppendQuote into a string.
func Quote(s string) string { return string(AppendQuote(nil, s)) }

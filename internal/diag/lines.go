package diag

import (
	"bytes"
	"strings"
)

const byteOrderMark = "\ufeff"

// Line is line n of src, 1-based, without its line break and, on the first
// line, without a byte order mark. It is empty beyond the end.
func Line(src []byte, n int) string {
	if n < 1 {
		return ""
	}
	for ; n > 1; n-- {
		i := bytes.IndexByte(src, '\n')
		if i < 0 {
			return ""
		}
		src = src[i+1:]
	}
	line, _, _ := bytes.Cut(src, []byte{'\n'})
	return strings.TrimPrefix(strings.TrimSuffix(string(line), "\r"), byteOrderMark)
}

package diag

import (
	"strconv"
	"strings"
)

// AppendGitHub appends the list as workflow commands of GitHub Actions, which
// show each problem beside its line.
func AppendGitHub(dst []byte, l List) []byte {
	for i := range l {
		d := &l[i]
		dst = append(dst, "::"+d.Severity.String()+" file="+property.Replace(d.File)...)
		if s := d.Span; s.Start.Known() {
			dst = appendProperty(dst, "line", s.Start.Line)
			dst = appendProperty(dst, "col", s.Start.Column)
			dst = appendProperty(dst, "endLine", s.End.Line)
			// The page takes the last column to be marked, not the one behind it.
			dst = appendProperty(dst, "endColumn", max(s.End.Column-1, 1))
		}
		dst = append(dst, ",title="+property.Replace(string(d.Code))+"::"+message.Replace(clean(d.advice()))+"\n"...)
	}
	return dst
}

func appendProperty(dst []byte, name string, n int) []byte {
	return append(dst, ","+name+"="+strconv.Itoa(n)...)
}

// What ends a command's message, and what ends a property of it.
var (
	message  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

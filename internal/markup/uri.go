package markup

import "strings"

// URI is a path as a relative reference or, where it is absolute, as a file URI:
// RFC 3986.
func URI(path string) string {
	const kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/"
	var b strings.Builder
	if strings.HasPrefix(path, "/") {
		b.WriteString("file://")
	}
	for i := range len(path) {
		if strings.IndexByte(kept, path[i]) >= 0 {
			b.WriteByte(path[i])
			continue
		}
		const hex = "0123456789ABCDEF"
		b.Write([]byte{'%', hex[path[i]>>4], hex[path[i]&15]})
	}
	return strings.TrimPrefix(b.String(), "./")
}

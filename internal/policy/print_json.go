package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// PrintJSON is the resolved profile as JSON, with the digest and each key's
// origin: {"version":1,"digest":…,"profile":{…},"origins":{key: {"file":…,
// "line":…} or {"default":true}}}. Where the command line added to the value, the
// origin also has "commandLine":true.
func PrintJSON(r *Resolved) []byte {
	b := []byte(`{"version":1,` + "\n" + `"digest":`)
	b = diag.AppendQuote(b, r.Digest)
	b = append(b, ",\n\"profile\":"...)
	b = appendCompact(b, append(tree(r.Policy), testLeaves(r.Tests)...))
	b = append(b, ",\n\"origins\":{"...)
	for i, o := range r.Origins {
		if i > 0 {
			b = append(b, ',')
		}
		b = o.appendMember(b)
	}
	for i := range r.Tests {
		b = r.Tests[i].At.appendMember(append(b, ','))
	}
	return append(b, "\n}}\n"...)
}

func (o Origin) appendMember(b []byte) []byte {
	b = diag.AppendQuote(append(b, "\n  "...), o.Key)
	return o.appendJSON(append(b, ": "...))
}

func (o Origin) appendJSON(b []byte) []byte {
	if o.Line == 0 {
		b = append(b, `{"default":true`...)
	} else {
		b = diag.AppendQuote(append(b, `{"file":`...), o.File)
		b = strconv.AppendInt(append(b, `,"line":`...), int64(o.Line), 10)
	}
	if o.Added {
		b = append(b, `,"commandLine":true`...)
	}
	return append(b, '}')
}

// appendCompact appends leaves as a JSON object without blanks.
func appendCompact(b []byte, leaves []leaf) []byte {
	b = append(b, '{')
	for i, l := range leaves {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(diag.AppendQuote(b, l.name), ':')
		if len(l.children) > 0 {
			b = appendCompact(b, l.children)
		} else {
			b = l.value.appendJSON(b)
		}
	}
	return append(b, '}')
}

func (v value) appendJSON(b []byte) []byte {
	switch v.form {
	case formLiteral:
		return append(b, v.text...)
	case formList:
		b = append(b, '[')
		for i, item := range v.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.appendJSON(b)
		}
		return append(b, ']')
	case formMap:
		b = append(b, '{')
		for i, f := range v.fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(diag.AppendQuote(b, f.name), ':')
			b = f.value.appendJSON(b)
		}
		return append(b, '}')
	}
	return diag.AppendQuote(b, v.text)
}

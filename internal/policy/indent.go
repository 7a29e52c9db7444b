package policy

import "github.com/netjail/netjail/internal/diag"

// appendIndented appends the value as JSON, one entry a line; a mapping or list
// of scalars that is short enough stays on one line.
func (v value) appendIndented(b []byte, indent string) []byte {
	if v.form != formMap && v.form != formList {
		return v.appendJSON(b)
	}
	if line := v.appendJSON(nil); v.flat() && len(indent)+len(line) < 100 {
		return append(b, line...)
	}
	deeper := indent + "  "
	open, end := byte('['), byte(']')
	if v.form == formMap {
		open, end = '{', '}'
	}
	b = append(b, open)
	for i := range max(len(v.items), len(v.fields)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, '\n'), deeper...)
		if v.form == formMap {
			b = append(diag.AppendQuote(b, v.fields[i].name), ": "...)
			b = v.fields[i].value.appendIndented(b, deeper)
		} else {
			b = v.items[i].appendIndented(b, deeper)
		}
	}
	return append(append(append(b, '\n'), indent...), end)
}

// flat says whether the value holds no mapping and no list of lists.
func (v value) flat() bool {
	for _, item := range v.items {
		if item.form == formMap || item.form == formList {
			return false
		}
	}
	return v.form != formMap
}

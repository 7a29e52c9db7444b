package policy

import "strings"

// Template is a policy as a profile to begin with: every key with its value, and
// above it what the key table says of it. It compiles to the same policy.
func Template(p *Policy) []byte { return appendTemplate(nil, tree(p), "") }

func appendTemplate(b []byte, leaves []leaf, indent string) []byte {
	for i, l := range leaves {
		if i > 0 && indent == "" {
			b = append(b, '\n')
		}
		b = appendMeaning(b, l.key, indent)
		b = append(b, indent+l.name+":"...)
		if len(l.children) > 0 {
			b = appendTemplate(append(b, '\n'), l.children, indent+"  ")
			continue
		}
		b = l.value.appendTemplate(b, indent, len(l.name))
	}
	return b
}

// appendTemplate appends a value behind its key, in several lines where one would
// be long.
func (v value) appendTemplate(b []byte, indent string, name int) []byte {
	flow := v.appendYAML(nil)
	if len(v.items)+len(v.fields) == 0 || len(indent)+name+len(flow) <= lineWidth {
		return append(append(append(b, ' '), flow...), '\n')
	}
	b = append(b, '\n')
	for _, item := range v.items {
		b = append(item.appendYAML(append(b, indent+"  - "...)), '\n')
	}
	for _, f := range v.fields {
		b = append(appendScalar(append(b, indent+"  "...), f.name), ": "...)
		b = append(f.value.appendYAML(b), '\n')
	}
	return b
}

// appendMeaning appends a key's first sentence as a comment, and what its words
// mean. Those of a namespace are the same for all, and told once, above them.
func appendMeaning(b []byte, path, indent string) []byte {
	k, ok := LookupKey(path)
	if !ok {
		return b
	}
	b = appendComment(b, firstSentence(k.Meaning), indent, "")
	if k.Parent() == "namespaces" || k.boolean() {
		return b
	}
	words := k.Words
	if path == "namespaces" {
		words = newOrHost
	}
	for _, w := range words {
		if w.Meaning != "" {
			b = appendComment(b, w.Text+": "+w.Meaning, indent, "  ")
		}
	}
	return b
}

// firstSentence is text up to its first full stop that a blank follows.
func firstSentence(text string) string {
	first, _, more := strings.Cut(text, ". ")
	if more {
		first += "."
	}
	return first
}

// appendComment appends a comment of as many lines as it takes; in indents the
// text behind the sign, and once more from the second line on.
func appendComment(b []byte, text, indent, in string) []byte {
	const width = 80
	line := indent + "# " + in
	for i, word := range strings.Fields(text) {
		if i > 0 && len(line)+1+len(word) > width {
			b = append(b, line+"\n"...)
			line, i = indent+"# "+in+in, 0
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	return append(b, line+"\n"...)
}

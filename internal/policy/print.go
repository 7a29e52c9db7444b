package policy

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// Print is the resolved profile as canonical YAML, every default filled in,
// with `# file:line` or `# default` behind each value. It parses to the same
// policy.
func Print(r *Resolved) []byte {
	b := []byte("# digest: " + r.Digest + "\n")
	return appendTests(appendBlock(b, tree(r.Policy), r.Origins, ""), r.Tests)
}

// lineWidth is where a list on one line becomes a list on several.
const lineWidth = 88

func appendBlock(b []byte, leaves []leaf, origins Origins, indent string) []byte {
	for _, l := range leaves {
		b = append(b, indent+l.name+":"...)
		if len(l.children) > 0 {
			b = appendBlock(append(b, '\n'), l.children, origins, indent+"  ")
			continue
		}
		behind := " # " + printable(origins.Of(l.key).String()) + "\n"
		flow := l.value.appendYAML(nil)
		if len(l.value.items)+len(l.value.fields) > 0 && len(indent)+len(l.name)+len(flow) > lineWidth {
			b = append(b, behind...)
			for _, item := range l.value.items {
				b = append(item.appendYAML(append(b, indent+"  - "...)), '\n')
			}
			for _, f := range l.value.fields {
				b = append(appendScalar(append(b, indent+"  "...), f.name), ": "...)
				b = append(f.value.appendYAML(b), '\n')
			}
			continue
		}
		b = append(append(append(b, ' '), flow...), behind...)
	}
	return b
}

// printable keeps a file's name from ending the comment that it stands in.
func printable(s string) string {
	quoted := diag.Quote(s)
	if quoted == `"`+s+`"` {
		return s
	}
	return quoted
}

// appendYAML appends the value in flow style.
func (v value) appendYAML(b []byte) []byte {
	switch v.form {
	case formList:
		b = append(b, '[')
		for i, item := range v.items {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = item.appendYAML(b)
		}
		return append(b, ']')
	case formMap:
		b = append(b, '{')
		for i, f := range v.fields {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(appendScalar(b, f.name), ": "...)
			b = f.value.appendYAML(b)
		}
		return append(b, '}')
	case formText:
		return appendScalar(b, v.text)
	}
	return append(b, v.text...)
}

// appendScalar appends text, plainly where every YAML reader takes it as text.
func appendScalar(b []byte, s string) []byte {
	if plain(s) {
		return append(b, s...)
	}
	return diag.AppendQuoteYAML(b, s)
}

// plain says whether s needs no quotes: it begins with a letter, `_` or `/`,
// holds nothing that YAML acts on, and is no boolean or null to any reader; or
// it is an IPv4 prefix, which no reader takes for a number.
func plain(s string) bool {
	if strings.Count(s, ".") == 3 && strings.Contains(s, "/") && strings.Trim(s, "0123456789./") == "" {
		return true
	}
	if s == "" || !isAlpha(s[0]) && s[0] != '_' && s[0] != '/' || booleanish(s) || strings.EqualFold(s, "null") {
		return false
	}
	words := strings.Split(s, " ")
	return !slices.Contains(words, "") && !strings.ContainsFunc(s, func(r rune) bool {
		return r > 0x7f || !isAlnum(byte(r)) && !strings.ContainsRune("_-./*+= ", r)
	})
}

func isAlpha(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

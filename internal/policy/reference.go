package policy

import (
	"fmt"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// Reference is docs/profile-reference.md: the key table and the table of codes
// in Markdown.
func Reference() []byte {
	var b strings.Builder
	b.WriteString(referenceHead)
	b.WriteString("\n## Keys at a glance\n\n| key | takes | default |\n|---|---|---|\n")
	for k := range eachKey {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", escapeCell(k.Path), anchor(k.Path), escapeCell(k.Type()), defaultText(k))
	}
	b.WriteString("\n## Keys\n")
	for k := range eachKey {
		writeKey(&b, k)
	}
	writeGroups(&b)
	writeBounds(&b)
	writeCodes(&b)
	return []byte(b.String())
}

const referenceHead = `<!-- Generated from the key table of internal/policy by "go generate ./internal/policy". Do not edit. -->

# Profile reference, netjail/v1

A profile is a YAML file. It states what a command may keep: its namespaces, ids, capabilities, descriptors and environment. What it does not state has the default of this page; ` + "`netjail show PROFILE`" + ` prints a profile with every default filled in.

The smallest profile:

` + "```yaml\n" + Smallest + "\n```" + `

Intent is a word. Where nothing is wanted the word is ` + "`none`" + `: an empty list, a key without a value, and YAML's yes, no, on and off are errors. A key that is not on this page is an error too; nothing is accepted and then ignored.
`

func defaultText(k *Key) string {
	switch {
	case k.Required:
		return "required"
	case k.Default != "":
		return "`" + k.Default + "`"
	}
	return ""
}

func writeKey(b *strings.Builder, k *Key) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n", k.Path, k.Meaning)
	fmt.Fprintf(b, "- Takes: %s\n", k.Type())
	if k.editable() {
		b.WriteString("- Or `{add: […], remove: […]}`, which changes the inherited list\n")
	}
	if d := defaultText(k); d != "" {
		fmt.Fprintf(b, "- Default: %s\n", d)
	}
	fmt.Fprintf(b, "- Since: %s\n", k.Since)
	for _, w := range k.AllWords() {
		if w.Meaning != "" {
			fmt.Fprintf(b, "- `%s`: %s\n", w.Text, w.Meaning)
		}
	}
	for _, w := range k.ItemWords() {
		fmt.Fprintf(b, "- In the list, `%s`: %s\n", w.Text, w.Meaning)
	}
	if len(k.Examples) > 0 {
		var lines []string
		for _, e := range k.Examples {
			lines = append(lines, strings.TrimSuffix(k.Name(), "[]")+": "+e)
		}
		fmt.Fprintf(b, "- Examples: %s\n", codeList(lines))
	}
	if len(k.Checks) > 0 {
		fmt.Fprintf(b, "- Proved by: %s\n", codeList(k.Checks))
	}
}

func codeList(items []string) string { return "`" + strings.Join(items, "`, `") + "`" }

func writeGroups(b *strings.Builder) {
	b.WriteString("\n## Groups of variables\n\nWhat `process.environment.pass` takes by one name.\n")
	for _, g := range VariableGroups() {
		fmt.Fprintf(b, "\n### %s\n\nVariables that say %s.\n\n| variable | what it says |\n|---|---|\n", g.Name, g.Meaning)
		for _, m := range g.Members {
			fmt.Fprintf(b, "| `%s` | %s |\n", m.Name, m.Reason)
		}
	}
}

func writeBounds(b *strings.Builder) {
	fmt.Fprintf(b, "\n## Bounds\n\nA profile is UTF-8 text of at most %d bytes, nests at most %d levels and holds at most %d keys and values. It is one YAML document without anchors, aliases, merge keys, tags and directives.\n", MaxBytes, MaxDepth, MaxNodes)
}

func writeCodes(b *strings.Builder) {
	b.WriteString("\n## Codes\n\nEach problem carries one of these codes. They are stable.\n\n| code | title | explanation |\n|---|---|---|\n")
	for _, c := range diag.Codes() {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", c.Code, escapeCell(c.Title), escapeCell(c.Explanation))
	}
}

func escapeCell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// anchor is the fragment that Markdown renderers give a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '.' || r == '[' || r == ']':
			return -1
		}
		return r
	}, strings.ToLower(heading))
}

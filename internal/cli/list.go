package cli

import (
	"flag"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/profiles"
)

func listCommand() *command {
	return &command{
		name: "list", args: "[--format text|json]",
		brief: "list the profiles that can be called by name",
		text: []string{
			"One line for each: its name, where it comes from, the first digits of its digest and what it is for.",
		},
		exits: exitsOfRest,
		prepare: func(fs *flag.FlagSet) func(*call) status {
			format := oneOf("text", "json")
			fs.Var(format, "format", "`FORMAT` of the result: text or json")
			return func(c *call) status { return c.list(format.value) }
		},
	}
}

// listed is one line of the list.
type listed struct{ name, source, digest, description string }

func listProfiles() []listed {
	var rows []listed
	for _, name := range profiles.Names() {
		if r, ok := profiles.Lookup(name); ok {
			rows = append(rows, listed{name, report.BuiltIn, r.Digest, r.Policy.Description})
		}
	}
	return rows
}

func (c *call) list(format string) status {
	rows := listProfiles()
	if format == "json" {
		return c.result(listJSON(rows))
	}
	return c.result(listText(rows))
}

func listText(rows []listed) []byte {
	width := 0
	for i := range rows {
		width = max(width, len(rows[i].name))
	}
	var b []byte
	for i := range rows {
		r := &rows[i]
		b = append(b, pad(r.name, width)+"  "+r.source+"  "+shortDigest(r.digest)+"  "+r.description+"\n"...)
	}
	return b
}

func listJSON(rows []listed) []byte {
	b := []byte(`{"version":1,"profiles":[`)
	for i := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n  {"...)
		b = appendMember(b, "name", rows[i].name)
		b = appendMember(b, "source", rows[i].source)
		b = appendMember(b, "digest", rows[i].digest)
		b = append(appendMember(b, "description", rows[i].description), '}')
	}
	return append(b, "\n]}\n"...)
}

// appendMember appends a member of a JSON object, with a comma where it is not
// the first.
func appendMember(b []byte, key, value string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return diag.AppendQuote(append(diag.AppendQuote(b, key), ':'), value)
}

// shortDigest is enough of a digest to tell profiles apart by eye.
func shortDigest(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	return digest[:min(len(digest), 12)]
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-len(s), 0))
}

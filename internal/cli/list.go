package cli

import (
	"bytes"
	"errors"
	"flag"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/report"
)

func listCommand() *command {
	return &command{
		name: "list", args: "[--format text|json]",
		brief: "list the profiles that can be called by name",
		text: []string{
			"One line for each: its name, where it comes from, the first digits of its digest and what it is for. Of a project's profile it also says whether `netjail trust` has accepted it. A profile that is broken, or whose name stands in two places, is listed with its error.",
			"Names are looked for in the project's .netjail, from the working directory up to the repository's root, below XDG_CONFIG_HOME (~/.config) in netjail, in /etc/netjail, and among the built-in profiles.",
		},
		exits:    exitsOfRest,
		examples: []example{{"netjail list --format json", "with paths and whole digests; `netjail schema list` describes it"}},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			format := oneOf("text", "json")
			fs.Var(format, "format", "`FORMAT` of the result: text or json")
			return func(c *call) status { return c.list(format.value) }
		},
	}
}

func (c *call) list(format string) status {
	l := &report.Listing{Profiles: c.listed()}
	if format == "text" {
		return c.result(listText(l.Profiles))
	}
	var b bytes.Buffer
	if err := report.WriteListJSON(&b, l); err != nil {
		return c.unable(err)
	}
	return c.result(b.Bytes())
}

// listed is everything in reach.
func (a *app) listed() []report.Listed {
	var rows []report.Listed
	for _, l := range a.catalog().List() {
		rows = append(rows, a.listedAs(&l))
	}
	return rows
}

// listedAs is one line of the list.
func (a *app) listedAs(l *catalog.Listed) report.Listed {
	row := report.Listed{Name: l.Name, Source: l.Place.String(), Path: l.Path, Trust: report.TrustNotNeeded}
	if l.Place == catalog.BuiltIn {
		row.Path = ""
	}
	p, err := (*profile)(nil), l.Err
	if err == nil {
		p, err = a.compileFound(&l.Profile)
	}
	if err != nil {
		row.Error = listError(l.Name, err)
	} else {
		row.Digest, row.Description = p.Digest, p.Policy.Description
	}
	if l.Place == catalog.Project {
		row.Trust = a.trustOf(p)
	}
	return row
}

// listError is an error in one line: the first of a profile's problems, and what
// a name's fault says.
func listError(name string, err error) string {
	var p *problems
	if errors.As(err, &p) && len(p.list) > 0 {
		return p.list[0].Error()
	}
	var f *fault
	if errors.As(findFault(name, err), &f) {
		return f.message + ": " + f.cause
	}
	return err.Error()
}

// trustOf says whether a project's profile may run by its name. p is nil where
// there is none.
func (a *app) trustOf(p *profile) string {
	if p == nil {
		return report.TrustUnknown
	}
	store, err := a.trustStore()
	if err != nil {
		return report.TrustUnknown
	}
	r, err := store.Find(p.found.Path)
	switch {
	case err != nil:
		return report.TrustUnknown
	case r == nil:
		return report.Untrusted
	case r.Digest != p.Digest:
		return report.TrustChanged
	}
	return report.Trusted
}

func listText(rows []report.Listed) []byte {
	names, sources := 0, 0
	for i := range rows {
		names, sources = max(names, len(rows[i].Name)), max(sources, len(sourceText(&rows[i])))
	}
	var b []byte
	for i := range rows {
		r := &rows[i]
		digest, about := shortDigest(r.Digest), r.Description
		if r.Error != "" {
			digest, about = pad("-", 12), "error: "+r.Error
		}
		b = append(b, oneLine(pad(r.Name, names)+"  "+pad(sourceText(r), sources)+"  "+digest+"  "+firstLine(about))+"\n"...)
	}
	return b
}

// sourceText is "user", or "project, trusted".
func sourceText(r *report.Listed) string {
	if r.Trust == report.TrustNotNeeded || r.Error != "" {
		return r.Source
	}
	return r.Source + ", " + r.Trust
}

// firstLine is a description's first line: in a list there is room for one.
func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
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

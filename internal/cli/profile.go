package cli

import (
	"io"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/profiles"
)

// profile is a resolved profile and what people call it.
type profile struct {
	*policy.Resolved
	// name is the profile's own, or else the argument that named it.
	name string
	// source is its file, or "built-in".
	source string
}

// problems is an error: what is wrong with profiles, with their sources for the
// lines that are shown.
type problems struct {
	list    diag.List
	sources sources
}

// Error lists the problems without their lines.
func (p *problems) Error() string { return p.list.Err().Error() }

// sources holds the text of profiles that were read.
type sources []sourceFile

type sourceFile struct {
	name string
	text []byte
}

func (s sources) text(file string) []byte {
	for i := range s {
		if s[i].name == file {
			return s[i].text
		}
	}
	return nil
}

// isPath tells a file from the name of a built-in profile.
func isPath(arg string) bool { return strings.Contains(arg, "/") || strings.HasSuffix(arg, ".yaml") }

// loadProfile resolves an argument: a path, or the name of a built-in profile, for
// which no YAML is read.
//
// Errors: *problems, *fault.
func (a *app) loadProfile(arg string) (*profile, error) {
	if !isPath(arg) {
		r, ok := profiles.Lookup(arg)
		if !ok {
			return nil, unknownProfile(arg)
		}
		return &profile{Resolved: r, name: r.Policy.Name, source: report.BuiltIn}, nil
	}
	return a.resolved(a.readProfile(arg, nil))
}

// resolved is a profile that was read, or what is wrong with it.
func (a *app) resolved(r *policy.Resolved, list diag.List, read sources) (*profile, error) {
	if r == nil {
		return nil, &problems{list, read}
	}
	p := &profile{Resolved: r, name: r.Policy.Name, source: read[0].name}
	if p.name == "" {
		p.name = p.source
	}
	return p, nil
}

// readProfile reads and resolves one file or, where from is not nil, a stream that
// diagnostics call by that name. The profile is nil where the list holds an error.
// The first of the sources is the file itself.
func (a *app) readProfile(file string, from io.Reader) (*policy.Resolved, diag.List, sources) {
	var text []byte
	var list diag.List
	if from != nil {
		text, list = a.readers.Stream(file, from)
	} else {
		text, list = a.readers.File(file)
	}
	if list.Errors() > 0 {
		return nil, list, sources{{file, nil}}
	}
	return a.resolve(&policy.Source{File: file, Text: text}, a.readers.File)
}

func unknownProfile(name string) *fault {
	f := &fault{
		message: "no profile is called " + diag.Quote(name),
		cause:   "the built-in profiles are " + strings.Join(profiles.Names(), ", "),
		help:    "a file is named by a path that contains a slash or ends in .yaml: ./" + name,
	}
	if near, ok := diag.Nearest(name, profiles.Names()); ok {
		f.help = "did you mean " + diag.Quote(near) + "? " + f.help
	}
	return f
}

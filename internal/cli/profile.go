package cli

import (
	"cmp"
	"io"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
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
	// found is where its name was found; nil where it was named by a path or by a
	// revision.
	found *catalog.Profile
	// added is what the command line added to the policy named; both are nil where
	// that is nothing.
	added []policy.Addition
	named *policy.Policy
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

// isPath tells a file from a name.
func isPath(arg string) bool { return strings.Contains(arg, "/") || strings.HasSuffix(arg, ".yaml") }

// loadProfile resolves an argument: a path, or a name that is looked for in every
// place. For a built-in profile no YAML is read.
//
// Errors: *problems, *fault.
func (a *app) loadProfile(arg string) (*profile, error) {
	if !isPath(arg) {
		return a.loadNamed(arg)
	}
	return resolvedAs(arg)(a.readProfile(arg, nil))
}

// resolvedAs is a profile that was read, or what is wrong with it; name is what it
// is called where it has no name of its own.
func resolvedAs(name string) func(*policy.Resolved, diag.List, sources) (*profile, error) {
	return func(r *policy.Resolved, list diag.List, read sources) (*profile, error) {
		if r == nil {
			return nil, &problems{list, read}
		}
		return &profile{Resolved: r, name: cmp.Or(r.Policy.Name, name), source: read[0].name}, nil
	}
}

// loadWritten is loadProfile with everything that is written, the tests of a
// built-in profile as well: those are not compiled.
//
// Errors: *problems, *fault.
func (a *app) loadWritten(arg string) (*profile, error) {
	p, err := a.loadProfile(arg)
	if err != nil || p.source != report.BuiltIn {
		return p, err
	}
	file := profiles.File(arg)
	text, _ := profiles.Source(arg)
	r, list, read := a.resolve(&policy.Source{File: file, Text: text, BuiltIn: true}, a.readers.File)
	if r == nil {
		return nil, &problems{list, read}
	}
	p.Resolved = r
	return p, nil
}

// compile resolves a text that extends nothing.
func (a *app) compile(file string, text []byte) (*policy.Resolved, diag.List) {
	return policy.Resolve(&policy.Source{File: file, Text: text}, a.readers.Parse, nil)
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

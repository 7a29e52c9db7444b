package cli

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/profiles"
)

// parents finds what profiles extend, and keeps the text of each file for the
// lines that are shown.
type parents struct {
	// open reads a file by the name that diagnostics give it.
	open func(file string) ([]byte, diag.List)
	read sources
	// catalog finds those that are named.
	catalog *catalog.Catalog
}

// resolve resolves a profile and what it extends. The first of the sources is the
// profile itself.
func (a *app) resolve(src *policy.Source, open func(string) ([]byte, diag.List)) (*policy.Resolved, diag.List, sources) {
	p := parents{open: open, read: sources{{src.File, src.Text}}, catalog: a.catalog()}
	r, list := policy.Resolve(src, a.readers.Parse, p.find)
	return r, list, p.read
}

// find is a policy.Finder: a name is that of a built-in profile, a path relative to
// the file that it stands in.
func (p *parents) find(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	if policy.IsRelative(name) {
		return p.file(beside(from.File, name), from)
	}
	if text, ok := profiles.Source(name); ok && from.BuiltIn {
		return p.keep(&policy.Source{File: profiles.File(name), Text: text, BuiltIn: true}), nil
	}
	return p.named(name, from)
}

// named finds a name as one on the command line is found. A project's profile is
// found for its neighbours alone: what somebody else wrote must not come into a
// profile of the caller's own by being called alike.
func (p *parents) named(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	found, err := p.catalog.Find(name)
	if err == nil && found.Place == catalog.Project && !neighbours(found.Path, from.File) {
		err = &fault{message: "the profile " + diag.Quote(name) + " is a project's: " + found.Path, help: "a project's profile is extended by its path"}
	}
	if err != nil {
		d := &diag.Diagnostic{Message: err.Error()}
		if f := new(fault); errors.As(findFault(name, err), &f) {
			d.Message, d.Help = f.message, f.help
		}
		return nil, d
	}
	return p.keep(&policy.Source{File: found.Path, Text: found.Text, BuiltIn: found.Place == catalog.BuiltIn}), nil
}

// neighbours says whether two files lie in one directory; the first is absolute.
func neighbours(a, b string) bool {
	b, err := filepath.Abs(b)
	return err == nil && filepath.Dir(a) == filepath.Dir(b)
}

// file reads one of them.
func (p *parents) file(file string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	if from.BuiltIn {
		return nil, &diag.Diagnostic{Message: "a built-in profile extends no files"}
	}
	text, list := p.open(file)
	if len(list) > 0 {
		return nil, &diag.Diagnostic{Message: file + ": " + list[0].Message, Help: list[0].Help}
	}
	return p.keep(&policy.Source{File: file, Text: text}), nil
}

func (p *parents) keep(src *policy.Source) *policy.Source {
	if p.read.text(src.File) == nil {
		p.read = append(p.read, sourceFile{src.File, src.Text})
	}
	return src
}

// beside is the path of a file relative to another one, which may be REV:PATH.
func beside(file, name string) string {
	revision, path, ok := strings.Cut(file, ":")
	if !ok || strings.Contains(revision, "/") {
		return policy.Beside(file, name)
	}
	return revision + ":" + policy.Beside(path, name)
}

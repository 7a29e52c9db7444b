package cli

import (
	"strings"

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
}

// resolve resolves a profile and what it extends. The first of the sources is the
// profile itself.
func (a *app) resolve(src *policy.Source, open func(string) ([]byte, diag.List)) (*policy.Resolved, diag.List, sources) {
	p := parents{open: open, read: sources{{src.File, src.Text}}}
	r, list := policy.Resolve(src, a.readers.Parse, p.find)
	return r, list, p.read
}

// find is a policy.Finder: a name is that of a built-in profile, a path relative to
// the file that it stands in.
func (p *parents) find(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	if policy.IsRelative(name) {
		return p.file(beside(from.File, name), from)
	}
	text, ok := profiles.Source(name)
	if !ok {
		f := unknownProfile(name)
		return nil, &diag.Diagnostic{Message: f.message, Help: f.help}
	}
	return p.keep(&policy.Source{File: profiles.File(name), Text: text, BuiltIn: true}), nil
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

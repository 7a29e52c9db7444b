package cli

import (
	"errors"
	"path"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/policy"
)

// parents finds what profiles extend, and keeps the text of each file for the
// lines that are shown.
type parents struct {
	app *app
	// open reads a file by the name that diagnostics give it.
	open func(file string) ([]byte, diag.List)
	read sources
	// names is made where a name is looked for first.
	names *catalog.Catalog
	// under are the files that were read for a profile of the user's or of the
	// system's, with that place.
	under map[string]catalog.Place
}

// resolve resolves a profile and what it extends. The first of the sources is the
// profile itself.
func (a *app) resolve(src *policy.Source, open func(string) ([]byte, diag.List)) (*policy.Resolved, diag.List, sources) {
	p := parents{app: a, open: open, read: sources{{src.File, src.Text}}}
	r, list := policy.Resolve(src, a.readers.Parse, p.find)
	return r, list, p.read
}

// find is a policy.Finder: a name is looked for as seen from the profile that
// extends it, a path is relative to the file that it stands in.
func (p *parents) find(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	if policy.IsRelative(name) {
		return p.file(beside(from.File, name), from)
	}
	if from.BuiltIn {
		return p.named(name, &catalog.Catalog{})
	}
	return p.named(name, p.catalog().From(p.place(from)))
}

func (p *parents) catalog() *catalog.Catalog {
	if p.names == nil {
		p.names = p.app.catalog()
	}
	return p.names
}

// place is where a profile stands. A relative path and one of a revision count as
// the project's.
func (p *parents) place(src *policy.Source) catalog.Place {
	if !strings.HasPrefix(src.File, "/") {
		return p.catalog().PlaceOf(host.Workdir() + "/" + src.File)
	}
	return p.catalog().PlaceOf(src.File)
}

// named finds a name.
func (p *parents) named(name string, in *catalog.Catalog) (*policy.Source, *diag.Diagnostic) {
	found, err := in.Find(name)
	if err != nil {
		return nil, parentFault(name, err)
	}
	return p.keep(&policy.Source{File: found.Path, Text: found.Text, BuiltIn: found.Place == catalog.BuiltIn}), nil
}

// parentFault is what stands against a parent.
func parentFault(name string, err error) *diag.Diagnostic {
	var f *fault
	if !errors.As(findFault(name, err), &f) {
		return &diag.Diagnostic{Message: err.Error()}
	}
	d := &diag.Diagnostic{Message: f.message, Help: f.help}
	if unknown := (*catalog.UnknownError)(nil); !errors.As(err, &unknown) {
		d.Message += ": " + f.cause
	}
	return d
}

// file reads one of them. What a profile of the user's or of the system's extends
// is held to the same owner and mode as the profile.
func (p *parents) file(file string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	if from.BuiltIn {
		return nil, &diag.Diagnostic{Message: "a built-in profile extends no files"}
	}
	if place := p.vetted(from); place != catalog.Project {
		text, err := p.catalog().Parent(place, file)
		if err != nil {
			return nil, parentFault(file, err)
		}
		if p.under == nil {
			p.under = make(map[string]catalog.Place)
		}
		p.under[file] = place
		return p.keep(&policy.Source{File: file, Text: text}), nil
	}
	text, list := p.open(file)
	if len(list) > 0 {
		return nil, &diag.Diagnostic{Message: file + ": " + list[0].Message, Help: list[0].Help}
	}
	return p.keep(&policy.Source{File: file, Text: text}), nil
}

// vetted is the place of a profile that was found by its name for the user or the
// system, or that one of those extends; Project for every other, whose files are
// read as they are.
func (p *parents) vetted(src *policy.Source) catalog.Place {
	if place, ok := p.under[src.File]; ok {
		return place
	}
	if strings.HasPrefix(src.File, "/") {
		dir := path.Dir(src.File)
		for _, d := range p.catalog().Dirs() {
			if d.Path == dir {
				return d.Place
			}
		}
	}
	return catalog.Project
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

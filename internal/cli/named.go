package cli

import (
	"bytes"
	"errors"
	"os"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/internal/xdg"
	"github.com/netjail/netjail/profiles"
)

// getenv is a variable of this invocation; empty where it is not set.
func (a *app) getenv(name string) string {
	for _, entry := range a.environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// userDirs are netjail's directories of the caller.
func (a *app) userDirs() xdg.Dirs {
	config, data := a.getenv("XDG_CONFIG_HOME"), a.getenv("XDG_DATA_HOME")
	home := ""
	if !strings.HasPrefix(config, "/") || !strings.HasPrefix(data, "/") {
		home = a.home()
	}
	return xdg.Of(home, config, data)
}

// home is the home directory that the password file gives the caller.
func (a *app) home() string {
	home, _ := host.Home(uint32(os.Getuid()))
	return home
}

// where says from where this invocation looks for names.
func (a *app) where() *catalog.Where {
	return &catalog.Where{
		Workdir: host.Workdir(), User: a.userDirs().Config, System: catalog.SystemDir, UID: uint32(os.Getuid()),
	}
}

func (a *app) catalog() *catalog.Catalog { return catalog.New(a.where()) }

// loadNamed resolves a name.
//
// Errors: *problems, *fault.
func (a *app) loadNamed(name string) (*profile, error) {
	if a.readers.File == nil { // the head start, which has looked
		return builtIn(name)
	}
	found, err := a.catalog().Find(name)
	if err != nil {
		return nil, findFault(name, err)
	}
	return a.compileFound(found)
}

// builtIn is a profile that netjail carries with it.
func builtIn(name string) (*profile, error) {
	r, ok := profiles.Lookup(name)
	if !ok {
		return nil, findFault(name, &catalog.UnknownError{Name: name, Known: profiles.Names()})
	}
	return &profile{Resolved: r, name: r.Policy.Name, source: report.BuiltIn}, nil
}

// compileFound compiles what the catalog has read.
func (a *app) compileFound(found *catalog.Profile) (*profile, error) {
	if found.Place == catalog.BuiltIn {
		return builtIn(found.Name)
	}
	p, err := resolvedAs(found.Name)(a.readProfile(found.Path, bytes.NewReader(found.Text)))
	if p != nil {
		p.found = found
	}
	return p, err
}

// findFault explains why a name gives no profile.
func findFault(name string, err error) error {
	var unknown *catalog.UnknownError
	var twice *catalog.TwiceError
	var refused *catalog.RefusedError
	switch {
	case errors.As(err, &unknown):
		return unknownProfile(unknown)
	case errors.As(err, &twice):
		return twiceFault(twice)
	case errors.As(err, &refused):
		return &fault{message: "the profile " + diag.Quote(name) + " is refused: " + refused.Path, cause: refused.Cause, help: refused.Help}
	}
	return err
}

func unknownProfile(e *catalog.UnknownError) *fault {
	f := &fault{
		message: "no profile is called " + diag.Quote(e.Name),
		cause:   "the profiles in reach are " + strings.Join(e.Known, ", "),
		help:    "a file is named by a path that contains a slash or ends in .yaml: ./" + e.Name,
	}
	if len(e.Dirs) > 0 {
		f.cause += "; looked for in " + strings.Join(dirNames(e.Dirs), ", ")
	}
	if e.Odd {
		f.cause = "a name has letters, digits, `.`, `_` and `-`, at most 64, and begins with a letter or digit"
	}
	if near, ok := diag.Nearest(e.Name, e.Known); ok {
		f.help = "did you mean " + diag.Quote(near) + "? " + f.help
	}
	return f
}

func dirNames(dirs []catalog.Dir) []string {
	var names []string
	for _, d := range dirs {
		names = append(names, d.Path)
	}
	return names
}

// twiceFault: which of them is meant only the caller knows. A built-in profile
// has no path by which it could be meant.
func twiceFault(e *catalog.TwiceError) *fault {
	var places []string
	help := "name the file by its path, or rename one of them"
	for i := range e.Found {
		p := &e.Found[i]
		if p.Place == catalog.BuiltIn {
			places = append(places, "a built-in profile")
			help = "rename the file, or name it by its path: " + e.Found[0].Path
			continue
		}
		places = append(places, p.Path+" ("+p.Place.String()+")")
	}
	return &fault{
		message: "the name " + diag.Quote(e.Name) + " stands for several profiles",
		cause:   strings.Join(places, " and "), help: help,
	}
}

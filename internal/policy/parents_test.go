package policy_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
)

// family is where profiles of a test find what they extend: files of a directory,
// and two as if they were built in, which do not change with those that are. It
// keeps what was read.
type family struct {
	dir   string
	texts map[string][]byte
}

func (f *family) find(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	if !policy.IsRelative(name) {
		file := "profiles/" + name + ".yaml"
		src, err := os.ReadFile(filepath.Join("testdata/named", name+".yaml"))
		if err != nil {
			return nil, &diag.Diagnostic{Message: "no profile is called " + diag.Quote(name)}
		}
		f.texts[file] = src
		return &policy.Source{File: file, Text: src, BuiltIn: true}, nil
	}
	file := policy.Beside(from.File, name)
	src, err := os.ReadFile(filepath.Join(f.dir, file))
	if err != nil {
		return nil, &diag.Diagnostic{Message: "cannot read " + file}
	}
	f.texts[file] = src
	return &policy.Source{File: file, Text: src}, nil
}

// resolve resolves a profile as if it stood in a directory. texts are those of all
// files that were read.
func resolve(dir, file string, src []byte) (r *policy.Resolved, list diag.List, texts map[string][]byte) {
	f := family{dir: dir, texts: map[string][]byte{file: src}}
	r, list = source.Resolve(&policy.Source{File: file, Text: src}, f.find)
	return r, list, f.texts
}

// sourceResolve resolves a profile that is called child.yaml.
func sourceResolve(text string, find policy.Finder) (*policy.Resolved, diag.List) {
	return source.Resolve(&policy.Source{File: "child.yaml", Text: []byte(text)}, find)
}

// library is profiles in memory, by their files.
type library map[string]string

func (l library) find(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
	file := name + ".yaml"
	if policy.IsRelative(name) {
		file = policy.Beside(from.File, name)
	}
	text, ok := l[file]
	if !ok {
		return nil, &diag.Diagnostic{Message: "no such file"}
	}
	return &policy.Source{File: file, Text: []byte(smallest + text)}, nil
}

// resolve resolves a file of the library.
func (l library) resolve(file string) (*policy.Resolved, diag.List) {
	return source.Resolve(&policy.Source{File: file, Text: []byte(smallest + l[file])}, l.find)
}

func (l library) must(t *testing.T, file string) *policy.Resolved {
	t.Helper()
	r, list := l.resolve(file)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

// Package archtest holds the rules of the code base, as tests: who may import
// whom, where raw system calls live, what is linked into the binary. Each rule
// is a function from the source tree to what it finds wrong, so that a test can
// also show that the rule finds anything at all.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// Module is the module's path.
const Module = "github.com/netjail/netjail"

// Tree is the source of the module.
type Tree struct {
	Files []*File // Go and assembly, in lexical order
	set   *token.FileSet
}

// File is one source file.
type File struct {
	Path    string // below the module's root, with slashes
	Dir     string // the directory of Path, "." for the root
	Test    bool   // its name ends in _test.go
	Text    string
	Syntax  *ast.File // nil for assembly
	Imports []Import
}

// Import is one import of a File. Own packages are named without the module's
// path: "internal/sys".
type Import struct {
	Path string
	Own  bool
	Line int
}

// Root is the module's root: the nearest directory above the working one that
// holds go.mod.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("find the module's root: no go.mod above the working directory")
		}
		dir = up
	}
}

// Load reads every source file below the root of fsys. Directories named
// testdata or with a leading dot hold no source.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{set: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if p != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
				return fs.SkipDir
			}
			return nil
		case !strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, ".s"):
			return nil
		}
		f, err := t.load(fsys, p)
		if err != nil {
			return err
		}
		t.Files = append(t.Files, f)
		return nil
	})
	return t, err
}

func (t *Tree) load(fsys fs.FS, p string) (*File, error) {
	text, err := fs.ReadFile(fsys, p)
	if err != nil {
		return nil, err
	}
	f := &File{Path: p, Dir: path.Dir(p), Test: strings.HasSuffix(p, "_test.go"), Text: string(text)}
	if !strings.HasSuffix(p, ".go") {
		return f, nil
	}
	if f.Syntax, err = parser.ParseFile(t.set, p, text, parser.ParseComments); err != nil {
		return nil, err
	}
	for _, s := range f.Syntax.Imports {
		name, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			return nil, err
		}
		own := strings.TrimPrefix(name, Module+"/")
		f.Imports = append(f.Imports, Import{Path: own, Own: own != name, Line: t.line(s.Pos())})
	}
	return f, nil
}

// line is the 1-based line of a position.
func (t *Tree) line(p token.Pos) int { return t.set.Position(p).Line }

// at names a place for a reader.
func (t *Tree) at(f *File, p token.Pos) string { return fmt.Sprintf("%s:%d", f.Path, t.line(p)) }

// lines is the number of lines of the file.
func (f *File) lines() int { return strings.Count(f.Text, "\n") }

// inspect calls visit for every node of every Go file.
func (t *Tree) inspect(visit func(f *File, n ast.Node)) {
	for _, f := range t.Files {
		if f.Syntax == nil {
			continue
		}
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if n != nil {
				visit(f, n)
			}
			return true
		})
	}
}

// selector is "pkg.Name" where n is such an expression on a package.
func selector(n ast.Node) string {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok || x.Obj != nil {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

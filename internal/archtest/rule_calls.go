package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
)

// rawCall matches calls that take numbers for everything.
var rawCall = regexp.MustCompile(`^(unix|syscall)\.(RawSyscall\w*|Syscall\w*|AllThreadsSyscall\w*|RawVforkSyscall)$`)

var rawCalls = Rule{
	Name:   "raw-calls",
	Reason: "what the type checker cannot see is read with care in one package, and only there",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			if f.Dir == "internal/sys" || f.Test {
				continue
			}
			for _, i := range f.Imports {
				if i.Path == "unsafe" || i.Path == "C" {
					found = append(found, fmt.Sprintf("%s:%d: imports %s", f.Path, i.Line, i.Path))
				}
			}
			if f.Syntax != nil && hasLinkname(f) {
				found = append(found, f.Path+": uses go:linkname")
			}
		}
		t.inspect(func(f *File, n ast.Node) {
			if s := selector(n); f.Dir != "internal/sys" && !f.Test && rawCall.MatchString(s) {
				found = append(found, t.at(f, n.Pos())+": calls "+s)
			}
		})
		return found
	},
}

func hasLinkname(f *File) bool {
	for _, g := range f.Syntax.Comments {
		for _, c := range g.List {
			if strings.HasPrefix(c.Text, "//go:linkname ") {
				return true
			}
		}
	}
	return false
}

var assembly = Rule{
	Name:   "assembly",
	Reason: "assembly is for the child's loop, the reaper, the signal handler and the entry point, where no Go can run",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			if f.Syntax == nil && f.Dir != "internal/sys" && f.Dir != "internal/early" {
				found = append(found, f.Path)
			}
		}
		return found
	},
}

var initialisers = Rule{
	Name:   "init",
	Reason: "nothing happens before main: what runs there runs in every start, and in every test",
	Find: func(t *Tree) []string {
		var found []string
		t.inspect(func(f *File, n ast.Node) {
			d, ok := n.(*ast.FuncDecl)
			if ok && d.Recv == nil && d.Name.Name == "init" && !f.Test && f.Dir != "internal/headstart" {
				found = append(found, t.at(f, n.Pos()))
			}
		})
		return found
	},
}

var exits = Rule{
	Name:   "exit",
	Reason: "only main ends the process, so that everything else can be undone and tested",
	Find: func(t *Tree) []string {
		var found []string
		t.inspect(func(f *File, n ast.Node) {
			switch selector(n) {
			case "os.Exit", "unix.Exit", "syscall.Exit", "log.Fatal", "log.Fatalf", "runtime.Goexit":
				if !f.Test && !isMain(f) {
					found = append(found, t.at(f, n.Pos())+": "+selector(n))
				}
			}
		})
		return found
	},
}

var streams = Rule{
	Name:   "streams",
	Reason: "the streams belong to the command; netjail's own words go where internal/cli is told to put them",
	Find: func(t *Tree) []string {
		var found []string
		t.inspect(func(f *File, n ast.Node) {
			switch s := selector(n); s {
			case "os.Stdin", "os.Stdout", "os.Stderr", "fmt.Print", "fmt.Printf", "fmt.Println":
				if !f.Test && !isMain(f) {
					found = append(found, t.at(f, n.Pos())+": "+s)
				}
			}
		})
		return found
	},
}

// isMain says whether the file belongs to a program, or is the part of the
// command line that does.
func isMain(f *File) bool {
	return f.Path == "internal/cli/main.go" || f.Syntax != nil && f.Syntax.Name.Name == "main"
}

var sleeps = Rule{
	Name:   "sleep",
	Reason: "a test that sleeps is slow on a good day and wrong on a bad one: wait for the event, in a loop if there is no other way",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			if f.Syntax != nil && !strings.HasPrefix(path.Base(f.Path), "bench_") && f.Dir != "scripts/bench" {
				found = append(found, t.sleeps(f)...)
			}
		}
		return found
	},
}

// sleeps lists the calls of time.Sleep that stand in no loop.
func (t *Tree) sleeps(f *File) []string {
	var found []string
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		}
		if n != nil && selector(n) == "time.Sleep" {
			found = append(found, t.at(f, n.Pos()))
		}
		return true
	})
	return found
}

package archtest

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRules holds the module to every rule.
func TestRules(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) < 100 {
		t.Fatalf("found only %d source files", len(tree.Files))
	}
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) {
			for _, line := range r.Find(tree) {
				t.Error(line)
			}
			if t.Failed() {
				t.Log(r.Reason)
			}
		})
	}
}

// TestRulesFind shows for each rule a source that breaks it, and that it finds
// nothing else in it.
func TestRulesFind(t *testing.T) {
	const head = "// Package x is one.\npackage x\n"
	for _, c := range []struct {
		rule, path, text string
		want             string // part of the one line; empty for none
	}{
		{"imports", "internal/audit/x.go", head + `import _ "` + Module + `/internal/sys"`, "must not see sys"},
		{"imports", "internal/audit/x_test.go", head + `import _ "` + Module + `/internal/sys"`, ""},
		{"imports", "internal/new/x.go", head + `import _ "` + Module + `/internal/ns"`, "give it a row"},
		{"imports", "internal/plan/x.go", head + `import _ "` + Module + `/internal/ns"`, ""},
		{"imports", "internal/cli/x.go", head + `import _ "` + Module + `/internal/jailtest"`, "test support"},
		{"forbidden", "internal/report/x.go", head + `import _ "encoding/json"`, "by hand"},
		{"forbidden", "internal/report/x.go", head + `import _ "github.com/netjail/netjail/internal/inet"`, ""},
		{"forbidden", "profiles/gen/x.go", head + `import _ "text/template"`, ""},
		{"importers", "internal/policy/x.go", head + `import _ "gopkg.in/yaml.v3"`, "internal/policy/source/yaml.go alone"},
		{"importers", "internal/policy/source/yaml.go", head + `import _ "gopkg.in/yaml.v3"`, ""},
		{"raw-calls", "internal/runner/x.go", head + `import _ "unsafe"`, "imports unsafe"},
		{"raw-calls", "internal/runner/x.go", head + "import \"unix\"\nvar _, _, _ = unix.RawSyscall6(1, 2, 3, 4, 5, 6, 7)", "calls unix.RawSyscall6"},
		{"raw-calls", "internal/runner/x.go", head + "//go:linkname a b\nfunc a()", "go:linkname"},
		{"raw-calls", "internal/sys/x.go", head + `import _ "unsafe"`, ""},
		{"assembly", "internal/runner/x.s", "RET\n", "internal/runner/x.s"},
		{"assembly", "internal/early/x.s", "RET\n", ""},
		{"init", "internal/caps/x.go", head + "func init() {}", "internal/caps/x.go:3"},
		{"init", "internal/caps/x.go", head + "type y int\nfunc (y) init() {}", ""},
		{"exit", "internal/runner/x.go", head + "import \"os\"\nfunc f() { os.Exit(1) }", "os.Exit"},
		{"streams", "internal/report/x.go", head + "import \"fmt\"\nfunc f() { fmt.Println() }", "fmt.Println"},
		{"package-comment", "internal/caps/x.go", "package x\n", "0 package comments"},
		{"package-comment", "internal/caps/x.go", "// package x is one\npackage x\n", "0 package comments"},
		{"package-comment", "internal/caps/x.go", head, ""},
		{"file-size", "internal/caps/x.go", head + strings.Repeat("\n", 600), "602 lines"},
		{"file-size", "internal/caps/x_gen.go", head + strings.Repeat("\n", 600), ""},
		{"file-name", "internal/caps/util_linux.go", head, "util_linux.go"},
		{"file-name", "internal/common/x.go", head, "internal/common"},
		{"file-name", "internal/caps/utility.go", head, ""},
		{"sleep", "internal/caps/x_test.go", head + "import \"time\"\nfunc f() { for { time.Sleep(1) } }", ""},
		{"exit", "profiles/gen/x.go", "// Command x is one.\npackage main\nimport \"os\"\nfunc f() { os.Exit(1) }", ""},
		{"sleep", "internal/caps/x_test.go", head + "import \"time\"\nfunc f() { time.Sleep(1) }", "x_test.go:4"},
	} {
		t.Run(c.rule+"/"+c.path, func(t *testing.T) {
			tree, err := Load(fstest.MapFS{c.path: {Data: []byte(c.text)}})
			if err != nil {
				t.Fatal(err)
			}
			found := find(t, c.rule, tree)
			switch {
			case c.want == "" && len(found) > 0:
				t.Errorf("found %q in a source that keeps the rule", found)
			case c.want != "" && (len(found) != 1 || !strings.Contains(found[0], c.want)):
				t.Errorf("found %q, want one line with %q", found, c.want)
			}
		})
	}
}

func find(t *testing.T, name string, tree *Tree) []string {
	t.Helper()
	for _, r := range Rules() {
		if r.Name == name {
			return r.Find(tree)
		}
	}
	t.Fatalf("there is no rule %q", name)
	return nil
}

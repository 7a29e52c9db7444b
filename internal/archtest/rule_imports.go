package archtest

import (
	"fmt"
	"slices"
)

// arrow says what a package may import of ours, and why no more.
type arrow struct {
	From   string
	To     []string
	Reason string
}

// arrows is the import diagram of docs/architecture.md. A package that is not
// listed may import nothing of ours.
var arrows = []arrow{
	{"internal/ns", nil, "names of the kernel's; it knows nothing else"},
	{"internal/caps", nil, "names and sets of the kernel's; it knows nothing else"},
	{"internal/build", nil, "what the linker says of the binary"},
	{"internal/inet", nil, "addresses, and nothing about whose they are"},
	{"internal/markup", nil, "forms of text, and nothing about what it says"},
	{"internal/diag", []string{"internal/markup"}, "words and places; whoever finds a problem fills them"},
	{"internal/jsontext", nil, "a form of text, and nothing about what it says"},
	{"internal/early", nil, "it must be initialised before package os, so it imports nothing at all"},
	{"internal/sys", nil, "it knows system calls, not what they are for"},
	{"internal/seccomp", nil, "numbers and answers; which of them a profile asks for, the plan knows"},
	{"internal/subid", nil, "two files of the host's, line by line; what they are for, the host knows"},
	{"internal/tree", []string{"internal/ns", "internal/policy"}, "what a command sees is decided from values; who asks the host gives the answers"},
	{"internal/policy", []string{"internal/caps", "internal/diag", "internal/inet", "internal/ns"}, "what a profile means does not depend on a host"},
	{"internal/plan", []string{"internal/caps", "internal/inet", "internal/ns", "internal/policy", "internal/seccomp", "internal/tree"}, "Build is pure: what it needs of the host is a value that it is given"},
	{"internal/evidence", []string{"internal/caps", "internal/inet", "internal/ns", "internal/plan", "internal/sys"}, "facts, not judgements: it must not see the policy"},
	{"internal/host", []string{"internal/caps", "internal/early", "internal/evidence", "internal/ns", "internal/plan", "internal/policy", "internal/seccomp", "internal/subid", "internal/sys", "internal/tree", "internal/xdg"}, "it looks at the host for Build and runs nothing; the mount table has one reader, which is evidence's"},
	{"internal/runner", []string{"internal/evidence", "internal/host", "internal/inet", "internal/ns", "internal/plan", "internal/sys"}, "it executes a plan; what the plan is for, the judge knows"},
	{"internal/audit", []string{"internal/caps", "internal/evidence", "internal/inet", "internal/ns", "internal/plan", "internal/policy", "internal/seccomp", "internal/tree"}, "a judge that cannot act: it must not see sys or runner"},
	{"internal/report", []string{"internal/audit", "internal/diag", "internal/jsontext", "internal/markup", "internal/policy"}, "it writes findings and reads nothing"},
	{"internal/xdg", nil, "two variables and a directory below home; who reads them is told"},
	{"internal/trust", nil, "files with digests; what a profile is, it does not know"},
	{"internal/catalog", []string{"internal/policy", "internal/sys", "profiles"}, "it finds and reads; what a text means, and whether it is trusted, others judge"},
	{"profiles", []string{"internal/caps", "internal/inet", "internal/ns", "internal/policy"}, "compiled profiles are policies and nothing more"},
	{"profiles/gen", []string{"internal/caps", "internal/diag", "internal/inet", "internal/ns", "internal/policy", "internal/policy/source"}, "it writes package profiles, so it cannot import it"},
	{"internal/caps/library", []string{"internal/caps"}, "it wraps a library that the run of a built-in profile must not link"},
	{"internal/policy/source", []string{"internal/diag", "internal/policy"}, "it wraps the YAML reader, likewise"},
	{"internal/probe", []string{"internal/inet", "internal/policy"}, "it asks the kernel and says what it answered; what that means, the judge knows"},
	{"internal/trial", []string{"internal/diag", "internal/markup", "internal/policy", "internal/probe"}, "it judges what it is given and starts nothing"},
	{"internal/crew", nil, "it runs programs, whatever they are"},
	{"internal/headstart", []string{"internal/cli"}, "what it imports is initialised before it: none of the libraries"},
	{"cmd/netjail", []string{"internal/build", "internal/caps/library", "internal/cli", "internal/headstart", "internal/policy/source"}, "it gives the command line the libraries"},
	{"internal/cli", []string{
		"internal/audit", "internal/caps", "internal/catalog", "internal/crew", "internal/diag", "internal/early", "internal/evidence", "internal/host", "internal/inet", "internal/jsontext",
		"internal/markup", "internal/ns", "internal/plan", "internal/policy", "internal/probe", "internal/report", "internal/runner", "internal/sys",
		"internal/trial", "internal/trust", "internal/xdg", "profiles",
	}, "it joins all of them, but test support stays out of the binary"},
}

var imports = Rule{
	Name:   "imports",
	Reason: "dependencies point one way, so that a decision can be read and tested without a kernel",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			if f.Test { // a test may join what the code keeps apart
				continue
			}
			a := arrowOf(f.Dir)
			for _, i := range f.Imports {
				if i.Own && !slices.Contains(a.To, i.Path) {
					found = append(found, fmt.Sprintf("%s:%d: %s imports %s: %s", f.Path, i.Line, f.Dir, i.Path, a.Reason))
				}
			}
		}
		return found
	},
}

func arrowOf(dir string) arrow {
	for _, a := range arrows {
		if a.From == dir {
			return a
		}
	}
	for _, support := range []string{"internal/archtest", "internal/docstest", "internal/jailtest"} {
		if dir == support {
			return arrow{dir, everything(), ""}
		}
	}
	return arrow{dir, nil, "internal/archtest does not know this package: give it a row, with the reason"}
}

// everything is what test support may import.
func everything() []string {
	all := []string{"internal/archtest", "internal/jailtest"}
	for _, a := range arrows {
		all = append(all, a.From)
	}
	return all
}

var forbidden = Rule{
	Name:   "forbidden",
	Reason: "each of these costs start-up time in every run, whether it is used or not (docs/performance.md)",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			if f.Test || outsideBinary(f.Dir) {
				continue
			}
			for _, i := range f.Imports {
				if why, ok := heavy[i.Path]; ok {
					found = append(found, fmt.Sprintf("%s:%d: imports %s: %s", f.Path, i.Line, i.Path, why))
				}
			}
		}
		return found
	},
}

// heavy are packages that must not be linked into netjail.
var heavy = map[string]string{
	"encoding/json": "0.27 ms of init and reflection; write the few fields by hand",
	"html/template": "0.5 ms of init",
	"log":           "it writes to standard error, which is the command's",
	"net":           "0.4 ms of init; addresses are internal/inet's, sockets x/sys/unix's",
	"net/http":      "1.2 ms of init",
	"os/exec":       "commands are started by a plan, and by nothing else",
	"os/user":       "it reads name services, which can use the network",
	"testing":       "it registers flags",
	"text/template": "0.5 ms of init",
}

// outsideBinary says whether a package is never linked into netjail.
func outsideBinary(dir string) bool {
	switch dir {
	case "profiles/gen", "scripts/bench", "internal/archtest", "internal/docstest", "internal/jailtest":
		return true
	}
	return false
}

var importers = Rule{
	Name:   "importers",
	Reason: "a library behind one file can be replaced in one file",
	Find: func(t *Tree) []string {
		var found []string
		for _, f := range t.Files {
			for _, i := range f.Imports {
				if want, ok := onlyIn[i.Path]; ok && f.Path != want && !f.Test {
					found = append(found, fmt.Sprintf("%s:%d: imports %s, which is for %s alone", f.Path, i.Line, i.Path, want))
				}
			}
		}
		return found
	},
}

// onlyIn names the one file that may import a library.
var onlyIn = map[string]string{
	"gopkg.in/yaml.v3":                          "internal/policy/source/yaml.go",
	"github.com/syndtr/gocapability/capability": "internal/caps/library/library.go",
}

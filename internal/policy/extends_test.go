package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// What a child says of a key, and what becomes of it.
func TestExtends(t *testing.T) {
	parent := "loopback: {state: up, addresses: [127.0.0.1/8]}\nfilesystem: {root: system, writable: [project, /srv]}\n" +
		"process: {environment: {pass: [A, B, C], set: {A: x, B: y}}}\nname: parent\ndescription: not inherited\n"
	for _, tt := range []struct{ name, child, key, want, origin string }{
		{"nothing", "", "filesystem.writable", "[/srv, project]", "parent.yaml:3"},
		{"its name", "", "name", "", ""},
		{"a default", "", "filesystem.home", "hidden", "default"},
		{"a list", "filesystem: {writable: [/srv]}", "filesystem.writable", "[/srv]", "child.yaml:3"},
		{"the key beside it", "filesystem: {writable: [/srv]}", "filesystem.root", "system", "parent.yaml:3"},
		{"removal", "filesystem: {writable: {remove: [/srv]}}", "filesystem.writable", "[project]", "child.yaml:3"},
		{"removal and addition", "process: {environment: {pass: {remove: [A], add: [D]}}}\nloosens: [process.environment.pass]", "process.environment.pass", "[B, C, D]", "child.yaml:3"},
		{"a word for a mapping", "loopback: down", "loopback", "down", "child.yaml:3"},
		{"a part of a mapping", "loopback: {addresses: {add: [127.0.0.2/32]}}\nloosens: [loopback]", "loopback", "{state: up, addresses: [127.0.0.1/8, 127.0.0.2/32]}", "child.yaml:3"},
		{"one of the free names", "process: {environment: {set: {B: z}}}\nloosens: [process.environment.set]", "process.environment.set", "{A: x, B: z}", "child.yaml:3"},
		{"none of the free names", "process: {environment: {set: none}}\nloosens: [process.environment.set]", "process.environment.set", "none", "child.yaml:3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := library{"parent.yaml": parent, "child.yaml": "extends: [parent]\n" + tt.child}.must(t, "child.yaml")
			got := ""
			for _, line := range strings.Split(string(policy.Print(r)), "\n") {
				value, found := strings.CutPrefix(strings.TrimSpace(line), tt.key[strings.LastIndexByte(tt.key, '.')+1:]+": ")
				if found {
					got, _, _ = strings.Cut(value, " # ")
				}
			}
			if got != tt.want {
				t.Errorf("%s is %q, want %q", tt.key, got, tt.want)
			}
			if o := r.Origins.Of(tt.key).String(); tt.origin != "" && o != tt.origin {
				t.Errorf("%s comes from %s, want %s", tt.key, o, tt.origin)
			}
		})
	}
}

// The digest is over what a profile comes to, and tells nothing of how.
func TestDigestIgnoresExtends(t *testing.T) {
	l := library{
		"whole.yaml": "loopback: up\nsetgroups: deny\n", "base.yaml": "setgroups: deny\nname: x\n",
		"parts.yaml": "extends: [base]\nloosens: [loopback]\nloopback: {state: up}\n",
	}
	if a, b := l.must(t, "whole.yaml"), l.must(t, "parts.yaml"); a.Digest != b.Digest {
		t.Errorf("%s\n%s", policy.Print(a), policy.Print(b))
	}
}

// To extend a profile is to extend what `show` prints of it: a word that is short
// for a mapping, and a default that is written out, make no difference.
func TestExtendsWhatIsShown(t *testing.T) {
	children := []string{
		"", "filesystem: {private: none}", "filesystem: {home: hidden}", "capabilities: {bounding: none, inheritable: none, ambient: none, effective: none, permitted: none}",
		"loopback: {state: down}", "loopback: down", "sockets: {families: none}", "process: {inheritFds: {remove: [0]}}", "namespaces: {cgroup: new}", "process: {environment: {set: none}}",
	}
	for _, parent := range profiles(t, "ok") {
		r, _, _ := resolve("testdata/ok", parent[strings.LastIndexByte(parent, '/')+1:], read(t, parent))
		shown := string(policy.Print(r))
		for i, child := range children {
			text := "extends: [./parent.yaml]\n" + child + "\n"
			a := extend(t, string(read(t, parent)), text)
			b := extend(t, shown, text)
			if a != b {
				t.Errorf("%s, child %d: of the file\n%s\nof what is shown\n%s", parent, i, a, b)
			}
		}
	}
}

// extend is what a child of a parent comes to, or the codes of what is wrong with
// it.
func extend(t *testing.T, parent, child string) string {
	t.Helper()
	f := family{dir: "testdata/ok", texts: map[string][]byte{}}
	find := func(name string, from *policy.Source) (*policy.Source, *diag.Diagnostic) {
		if name == "./parent.yaml" {
			return &policy.Source{File: "p.yaml", Text: []byte(parent)}, nil
		}
		return f.find(name, from)
	}
	r, list := sourceResolve(smallest+child, find)
	if r != nil {
		return r.Digest
	}
	var codes []string
	for _, d := range list {
		codes = append(codes, d.Path+" "+string(d.Code))
	}
	slices.Sort(codes)
	return strings.Join(codes, "\n")
}

// A file that is reached in two ways is read as one, and what one of them has made
// of it stays.
func TestDiamond(t *testing.T) {
	l := library{
		"top.yaml": "loopback: up\nsetgroups: deny\nfilesystem: {home: readonly, writable: [project]}\n", "left.yaml": "extends: [top]\nloopback: down\n",
		"right.yaml": "extends: [top]\nfilesystem: {home: hidden}\n",
	}
	for _, order := range []string{"left, right", "right, left", "top, left, right", "left, right, top", "left, top, right"} {
		l["child.yaml"] = "extends: [" + order + "]\n"
		p := l.must(t, "child.yaml").Policy
		if p.Loopback.State != policy.LinkDown || p.Filesystem.Home != policy.HomeHidden || len(p.Filesystem.Writable) != 1 {
			t.Errorf("%s: %+v %+v", order, p.Loopback, p.Filesystem)
		}
	}
}

// Of parents that do not know one another the last one that states a key is
// followed, and all of them are kept to.
func TestSeveralParents(t *testing.T) {
	l := library{"down.yaml": "loopback: down\n", "up.yaml": "loopback: up\n", "home.yaml": "filesystem: {home: readonly}\n"}
	for _, tt := range []struct{ child, want string }{
		{"extends: [up, down]", ""},
		{"extends: [up, home, down]", ""},
		{"extends: [down, up]", "loosens-parent extends[1]"},
		{"extends: [down, up]\nloosens: [loopback]", ""},
		{"extends: [down, up]\nloopback: down", ""},
		{"extends: [up, down]\nloopback: up", "loosens-parent loopback"},
		{"extends: [up]\nfilesystem: {home: readonly}", "loosens-parent home"},
		{"extends: [home]\nfilesystem: {home: ephemeral}", "loosens-parent home"},
		{"extends: [home, down]\nfilesystem: {home: hidden}", ""},
		{"extends: [up, down]\nloosens: [loopback]", "loosens-nothing loosens[0]"},
	} {
		l["child.yaml"] = tt.child
		_, list := l.resolve("child.yaml")
		got := ""
		for _, d := range list {
			got += string(d.Code)
		}
		if want, _, _ := strings.Cut(tt.want, " "); got != want {
			t.Errorf("%s: %v, want %q", tt.child, list, tt.want)
		}
	}
}

// The bounds hold for all files together, and soon: neither a pyramid of files nor
// a wide one takes long.
func TestBoundsOfExtends(t *testing.T) {
	pyramid := library{"level16.yaml": "name: end\n"}
	for i := range 16 {
		pyramid[fmt.Sprintf("level%d.yaml", i)] = fmt.Sprintf("extends: [left%d, right%d]\n", i, i)
		for _, side := range []string{"left", "right"} {
			pyramid[fmt.Sprintf("%s%d.yaml", side, i)] = fmt.Sprintf("extends: [level%d]\n", i+1)
		}
	}
	wide := library{"child.yaml": "extends:\n", "full.yaml": "process:\n  environment:\n    set:\n"}
	for i := range 70 {
		wide["child.yaml"] += fmt.Sprintf("  - p%d\n", i)
		wide[fmt.Sprintf("p%d.yaml", i)] = "extends: [full]\n"
	}
	for i := range 4000 {
		wide["full.yaml"] += fmt.Sprintf("      V%d: x\n", i)
	}
	many := library{"child.yaml": "extends: [a, b]\n"}
	for _, name := range []string{"a", "b"} {
		many[name+".yaml"] = "process:\n  environment:\n    set:\n"
		for i := range 2600 {
			many[name+".yaml"] += fmt.Sprintf("      %s%d: x\n", name, i)
		}
	}
	for _, tt := range []struct {
		name string
		l    library
		file string
		want diag.Code
	}{
		{"deep", pyramid, "level0.yaml", diag.ExtendsDepth},
		{"as deep as may be", pyramid, "level8.yaml", ""},
		{"wide", wide, "child.yaml", diag.ExtendsDepth},
		{"large", many, "child.yaml", diag.TooManyNodes},
	} {
		_, list := tt.l.resolve(tt.file)
		if has := slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code == tt.want }); has != (tt.want != "") || len(list) > 0 != (tt.want != "") {
			t.Errorf("%s: %v, want %q", tt.name, list.Err(), tt.want)
		}
	}
}

// Without a Finder nothing is extended, and nothing is passed over.
func TestCompileExtendsNothing(t *testing.T) {
	if r, list := compile("test.yaml", []byte(smallest+"extends: [base]\n")); r != nil || len(list) != 1 || list[0].Code != diag.MissingParent {
		t.Error(list)
	}
}

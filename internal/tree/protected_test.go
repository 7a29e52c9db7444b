package tree

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/policy"
)

// protecting is a policy with a writable project of which these are protected.
func protecting(list policy.PathList) func(*policy.Policy) {
	return func(p *policy.Policy) {
		p.Filesystem.Writable, p.Filesystem.Protected = []string{"project"}, list
	}
}

const app = "/home/me/src/app"

func TestProtectedStandard(t *testing.T) {
	l := trial{files: "f " + app + "/.envrc\nd " + app + "/.vscode\n", policy: protecting(standard)}.lay(t)
	entries(t, l, app,
		"dir "+app, "bind "+app,
		"bind "+app+"/.envrc self ro",
		"bind "+app+"/.git self", "bind "+app+"/.git/config self ro", "bind "+app+"/.git/hooks self ro",
		"bind "+app+"/.vscode self ro")
	want := []string{"/.git/commondir", "/.git/config.worktree", "/.idea", "/.netjail"}
	if got := absents(l, "filesystem.protected"); !slices.EqualFunc(got, want, func(a, b string) bool { return a == app+b }) {
		t.Errorf("absent %q", got)
	}
	if !slices.Equal(l.Writable, []string{app}) {
		t.Errorf("writable %q", l.Writable)
	}
}

// TestProtectedList: each directory on the way is a mount, so that it stays.
func TestProtectedList(t *testing.T) {
	l := trial{
		files:  "d " + app + "/a/b/c\nf " + app + "/a/b/d\nf " + app + "/file\n",
		policy: protecting(listed("a/b/c", "a/b/d", "a/none/x", "file/x", "Makefile", "main.go")),
	}.lay(t)
	entries(t, l, app, "dir "+app, "bind "+app, "bind "+app+"/a self", "bind "+app+"/a/b self",
		"bind "+app+"/a/b/c self ro", "bind "+app+"/a/b/d self ro", "bind "+app+"/main.go self ro")
	if got := absents(l, "filesystem.protected"); !slices.Equal(got, []string{app + "/a/none/x", app + "/file/x", app + "/Makefile"}) {
		t.Errorf("absent %q", got)
	}
}

// TestProtectedNested: a path and one below it, in either order.
func TestProtectedNested(t *testing.T) {
	for _, list := range [][]string{{".git", ".git/hooks"}, {".git/hooks", ".git"}} {
		l := trial{policy: protecting(listed(list...))}.lay(t)
		var got string
		for i := range l.Entries {
			if e := &l.Entries[i]; e.Target == app+"/.git" {
				got = entryText(e)
			}
			if e := &l.Entries[i]; below(e.Target, app+"/.git") && !e.Options.Has(ReadOnly) {
				t.Errorf("%q: %s", list, entryText(e))
			}
		}
		if got != "bind "+app+"/.git self ro" {
			t.Errorf("%q: %q", list, got)
		}
	}
}

// TestProtectedCovered: what is not the host's needs no protection.
func TestProtectedCovered(t *testing.T) {
	l := trial{files: "d " + app + "/.idea/x\nd " + app + "/.vscode\n", policy: func(p *policy.Policy) {
		protecting(listed(".idea/x", ".vscode", ".git/hooks"))(p)
		p.Filesystem.Private, p.Filesystem.Hidden = []string{app + "/.idea"}, listed(app+"/.vscode")
		p.Filesystem.Mounts = []policy.Mount{{Destination: app + "/.git", Type: "bind", Source: app + "/.git"}}
	}}.lay(t)
	entries(t, l, app, "dir "+app, "bind "+app, "bind "+app+"/.git ro", "tmpfs "+app+"/.idea 755", "tmpfs "+app+"/.vscode 755 ro noexec")
}

// TestProtectedWritableBelow: a writable path below another one is protected as
// well, and one that is protected cannot be writable.
func TestProtectedWritableBelow(t *testing.T) {
	x := trial{files: "d " + app + "/sub/.idea\n", policy: func(p *policy.Policy) {
		protecting(listed(".git/hooks", ".idea", "sub/.idea"))(p)
		p.Filesystem.Writable = []string{"project", app + "/sub", app + "/.git"}
	}}
	entries(t, x.lay(t), app, "dir "+app, "bind "+app, "bind "+app+"/.git", "bind "+app+"/.git/hooks self ro", "bind "+app+"/sub", "bind "+app+"/sub/.idea self ro")
	x.policy = func(p *policy.Policy) {
		protecting(standard)(p)
		p.Filesystem.Writable = []string{"project", app + "/.git/hooks"}
	}
	x.refuses(t, "filesystem.protected", "hooks is named by `filesystem.writable`", "keep one")
}

// TestProtectedMount: a bind that may be written is protected as `writable` is.
func TestProtectedMount(t *testing.T) {
	x := trial{files: "d /srv/data/.git/hooks\nf /srv/data/.git/config\n", policy: func(p *policy.Policy) {
		p.Filesystem.Protected = standard
		p.Filesystem.Mounts = []policy.Mount{{Destination: "/data", Type: "bind", Source: "/srv/data", Options: []string{"rw"}}}
	}}
	l := x.lay(t)
	entries(t, l, "/data", "dir /data", "bind /data < /srv/data", "bind /data/.git < /srv/data/.git self",
		"bind /data/.git/config < /srv/data/.git/config self ro", "bind /data/.git/hooks < /srv/data/.git/hooks self ro")
	if !slices.Equal(l.Writable, []string{"/data"}) {
		t.Errorf("writable %q", l.Writable)
	}
}

// TestProtectedWorktree: of a linked worktree, the file that names its
// repository is protected.
func TestProtectedWorktree(t *testing.T) {
	l := trial{
		files: "f /home/me/wt/.git\nd /home/me/wt/sub\n", facts: func(f *Facts) { f.Workdir = "/home/me/wt/sub" },
		policy: protecting(standard),
	}.lay(t)
	entries(t, l, "/home/me/wt", "dir /home/me/wt", "bind /home/me/wt", "bind /home/me/wt/.git self ro")
	for i := range l.Entries {
		if e := &l.Entries[i]; e.Target == "/home/me/wt" && e.Kind == Bind && !strings.Contains(e.Why, "the repository itself lies elsewhere") {
			t.Errorf("why: %s", e.Why)
		}
	}
	if got := absents(l, "filesystem.protected"); slices.ContainsFunc(got, func(path string) bool { return strings.Contains(path, ".git") }) {
		t.Errorf("absent %q", got)
	}
	if l.Workdir != "/home/me/wt/sub" {
		t.Errorf("workdir %s", l.Workdir)
	}
}

// TestProtectedSubmodules: a submodule's repository has hooks as well.
func TestProtectedSubmodules(t *testing.T) {
	git := app + "/.git/modules"
	l := trial{
		files:  "f " + git + "/a/HEAD\nf " + git + "/a/config\nd " + git + "/lib/b/hooks\nf " + git + "/lib/b/HEAD\nf " + git + "/a/modules/c/HEAD\nf " + git + "/a/modules/c/config\nd " + git + "/a/objects/00\n",
		policy: protecting(standard),
	}.lay(t)
	entries(t, l, git,
		"bind "+git+" self", "bind "+git+"/a self", "bind "+git+"/a/config self ro", "bind "+git+"/a/modules self", "bind "+git+"/a/modules/c self",
		"bind "+git+"/a/modules/c/config self ro", "bind "+git+"/lib self", "bind "+git+"/lib/b self", "bind "+git+"/lib/b/hooks self ro")
	if got := absents(l, "filesystem.protected"); !slices.Contains(got, git+"/a/hooks") || !slices.Contains(got, git+"/lib/b/config") {
		t.Errorf("absent %q", got)
	}
}

// TestProtectedLinkedWorktrees: of the linked worktrees of a repository, what leads
// to a configuration is protected, and the rest is git's to write.
func TestProtectedLinkedWorktrees(t *testing.T) {
	git := app + "/.git/worktrees"
	l := trial{
		files:  "f " + git + "/a/commondir\nf " + git + "/a/gitdir\nf " + git + "/a/logs/HEAD\nf " + git + "/b/config.worktree\nf " + git + "/c\n",
		policy: protecting(standard),
	}.lay(t)
	entries(t, l, git, "bind "+git+" self",
		"bind "+git+"/a self", "bind "+git+"/a/commondir self ro", "bind "+git+"/a/gitdir self ro",
		"bind "+git+"/b self", "bind "+git+"/b/config.worktree self ro")
	var missing []string
	for _, a := range l.Absent {
		if under(a.Missing, git) {
			missing = append(missing, strings.TrimPrefix(a.Missing, git))
		}
		if a.Missing == git+"/c" && a.Type != typeFile {
			t.Errorf("%s: type %o", a.Missing, a.Type)
		}
	}
	if want := []string{"/a/config.worktree", "/b/commondir", "/b/gitdir", "/c", "/c", "/c"}; !slices.Equal(missing, want) {
		t.Errorf("missing %q", missing)
	}
}

// TestProtectedCheckouts: a submodule's working tree says where its repository is,
// and git follows that from the directory around it.
func TestProtectedCheckouts(t *testing.T) {
	modules := app + "/.git/modules/"
	module := func(name, worktree string) string {
		return "f " + modules + name + "/HEAD\nf " + modules + name + "/config [core] bare = false \tworktree = " + worktree + "\n"
	}
	l := trial{
		files: module("a", "../../../lib/a") + module("b", "../../../gone") + module("c", "../../../../you") + module("d", "../..") + module("e", "/etc") +
			"f " + app + "/lib/a/.git\nf /home/me/src/you/.git\n",
		policy: protecting(standard),
	}.lay(t)
	entries(t, l, app+"/lib", "bind "+app+"/lib self", "bind "+app+"/lib/a self", "bind "+app+"/lib/a/.git self ro")
	if got := absents(l, "filesystem.protected"); !slices.Contains(got, app+"/gone/.git") || slices.ContainsFunc(got, func(p string) bool { return !under(p, app) }) {
		t.Errorf("absent %q", got)
	}
	want := []Repository{{Dir: app + "/.git", Kept: []string{app + "/lib/a/.git"}}}
	if diff := cmp.Diff(want, l.Repositories); diff != "" {
		t.Errorf("repositories (-want +got):\n%s", diff)
	}
}

// TestProtectedMissing: what cannot be protected is known by the host's name of
// what is to be made first.
func TestProtectedMissing(t *testing.T) {
	l := trial{files: "f /srv/data/x\n", policy: func(p *policy.Policy) {
		p.Filesystem.Protected = standard
		p.Filesystem.Mounts = []policy.Mount{{Destination: "/data", Type: "bind", Source: "/srv/data", Options: []string{"rw"}}}
	}}.lay(t)
	var missing []string
	for _, a := range l.Absent {
		missing = append(missing, a.Missing)
		if a.Why == "" || a.Type != typeMissing {
			t.Errorf("%+v", a)
		}
	}
	want := []string{"/srv/data/.envrc", "/srv/data/.git", "/srv/data/.git", "/srv/data/.git", "/srv/data/.git", "/srv/data/.idea", "/srv/data/.netjail", "/srv/data/.vscode"}
	if !slices.Equal(missing, want) || len(l.Repositories) != 0 {
		t.Errorf("missing %q, repositories %v", missing, l.Repositories)
	}
}

func TestProtectedRefused(t *testing.T) {
	trial{files: "l " + app + "/.vscode ../vscode\nd /home/me/src/vscode\n", policy: protecting(standard)}.
		refuses(t, "filesystem.protected", app+"/.vscode is a symbolic link", "without it")
	trial{files: "l " + app + "/a b\nd " + app + "/b/x\n", policy: protecting(listed("a/x"))}.
		refuses(t, "filesystem.protected", app+"/a is a symbolic link", "without it")
	trial{files: "x " + app + "/.git/modules\n", policy: protecting(standard)}.
		refuses(t, "filesystem.protected", "modules cannot be listed", "as a list")
	trial{files: "d " + app + "/.git/modules/" + strings.Repeat("d/", maxModuleDepth) + "d\n", policy: protecting(standard)}.
		refuses(t, "filesystem.protected", "16 deep", "as a list")
}

func TestStandardProtectedTable(t *testing.T) {
	for _, path := range strings.Fields("/.git/config /.git/hooks /.netjail /.envrc /.vscode /.idea") {
		if !slices.ContainsFunc(standardProtected[:], func(e executed) bool { return e.path == path }) {
			t.Errorf("%s is missing", path)
		}
	}
	for _, e := range standardProtected {
		if !clean(e.path) || e.reason == "" {
			t.Errorf("%+v", e)
		}
	}
}

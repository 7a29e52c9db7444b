package host

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// git runs git in a directory, with nobody's configuration.
func git(t testing.TB, dir string, args ...string) {
	t.Helper()
	c := exec.Command("git", args...)
	c.Dir = dir
	c.Env = []string{
		"PATH=" + jailtest.Path, "HOME=/", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
	}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// indexed is a repository with files and two directories that git takes for
// submodules.
func indexed(t testing.TB, options ...string) string {
	t.Helper()
	jailtest.Require(t, "git")
	dir := t.TempDir()
	git(t, dir, append([]string{"init", "-q"}, options...)...)
	for _, name := range []string{"a", "long/name/of/a/file", "long/name/of/another", "z"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		jailtest.File(t, dir, name, name, false)
	}
	git(t, dir, "add", ".")
	hash := strings.Repeat("1", 40)
	if len(options) > 0 {
		hash = strings.Repeat("1", 64)
	}
	git(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+hash+",long/sub")
	git(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+hash+",sub")
	return dir
}

func links(t testing.TB, dir string) ([]string, error) {
	t.Helper()
	return gitLinks(filepath.Join(dir, ".git", "index"))
}

// TestGitLinks: every version of git's index says which of its entries are
// submodules.
func TestGitLinks(t *testing.T) {
	want := []string{"long/sub", "sub"}
	for _, options := range [][]string{nil, {"--object-format=sha256"}} {
		dir := indexed(t, options...)
		for _, change := range [][]string{
			{"update-index", "--index-version", "2"},
			{"update-index", "--index-version", "4"},
			{"update-index", "--index-version", "3"},
			{"add", "-N", "new"},
			{"update-index", "--index-version", "4"},
		} {
			jailtest.File(t, dir, "new", "new", false) // intent to add takes the longer flags
			git(t, dir, change...)
			if got, err := links(t, dir); err != nil || !slices.Equal(got, want) {
				t.Errorf("%q, after %q: %q, %v", options, change, got, err)
			}
		}
		git(t, dir, "update-index", "--split-index")
		if got, err := links(t, dir); !errors.Is(err, errSplitIndex) && len(options) == 0 || err == nil {
			t.Errorf("split: %q, %v", got, err)
		}
	}
	if got, err := gitLinks(t.TempDir() + "/index"); got != nil || err != nil {
		t.Errorf("without an index: %q, %v", got, err)
	}
}

func TestGitLinksRefused(t *testing.T) {
	dir := indexed(t)
	path := filepath.Join(dir, ".git", "index")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(text) {
		if got, err := parseGitLinks(text[:cut]); err == nil && !slices.Equal(got, []string{"long/sub", "sub"}) {
			t.Fatalf("the first %d bytes: %q", cut, got)
		}
	}
	for _, bad := range []string{"", "DIRC", "XXXX" + string(text[4:]), string(text[:4]) + "\x00\x00\x00\x09" + string(text[8:])} {
		if got, err := parseGitLinks([]byte(bad)); err == nil {
			t.Errorf("%.12q: %q", bad, got)
		}
	}
	if err := errors.Join(os.Remove(path), os.Symlink("/etc/passwd", path)); err != nil {
		t.Fatal(err)
	}
	if got, err := gitLinks(path); err == nil {
		t.Errorf("a link: %q", got)
	}
}

func FuzzGitLinks(f *testing.F) {
	text, err := os.ReadFile(filepath.Join(indexed(f), ".git", "index"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("DIRC\x00\x00\x00\x04\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, text []byte) {
		found, err := parseGitLinks(text)
		for _, name := range found {
			if strings.Contains(name, "\x00") || len(found) > len(text)/indexObject*2 {
				t.Errorf("%d names, %q among them", len(found), name)
			}
		}
		if err != nil && len(found) > 0 {
			t.Errorf("%q and %v", found, err)
		}
	})
}

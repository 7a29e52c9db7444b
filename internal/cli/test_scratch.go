package cli

import (
	"io/fs"
	"os"
	"path/filepath"
)

// emptyProject is what a test's directory holds: a git repository without a commit,
// and what a project has that a jail protects.
var emptyProject = [...]struct{ path, text string }{
	{".git/HEAD", "ref: refs/heads/main\n"},
	{".git/config", "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n"},
	{".git/hooks/", ""},
	{".git/objects/", ""},
	{".git/refs/heads/", ""},
	{".netjail/", ""},
	{"README.md", "A directory of `netjail test`.\n"},
}

// newScratch makes such a directory, below TMPDIR or else /tmp.
func newScratch() (dir string, err error) {
	dir, err = os.MkdirTemp("", "netjail-project-")
	if err != nil {
		return "", err
	}
	// The command of a jail of root's is nobody here, and must get through.
	err = os.Chmod(dir, 0o755)
	for _, f := range emptyProject {
		path := filepath.Join(dir, f.path)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		switch {
		case err != nil:
		case f.text == "":
			err = os.MkdirAll(path, 0o755)
		default:
			err = os.WriteFile(path, []byte(f.text), 0o644)
		}
	}
	if err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}

// removeScratch removes a directory with what was written there. A command may
// have made directories that may not be searched.
func removeScratch(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

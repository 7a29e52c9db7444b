package archtest

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unfinished are words that promise instead of doing. They are put together
// here so that this file does not hold them.
var unfinished = regexp.MustCompile(`\b(` + strings.Join([]string{"TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"}, "|") + `)\b|(?i)\b(un` + `implemented|place` + `holder|not( yet)? imp` + `lemented)\b`)

// TestFinished wants no such word in source, documentation and scripts: what is
// open belongs into an issue, and what a version cannot do into its refusals.
func TestFinished(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	err = fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".s", ".md", ".yaml", ".json"}, path.Ext(p)) && !strings.HasPrefix(p, "scripts/") {
			return nil
		}
		text, err := os.ReadFile(root + "/" + p)
		if err != nil {
			return err
		}
		read++
		for i, line := range strings.Split(string(text), "\n") {
			if m := unfinished.FindString(line); m != "" {
				t.Errorf("%s:%d: %q", p, i+1, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 100 {
		t.Errorf("read only %d files", read)
	}
}

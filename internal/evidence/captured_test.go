package evidence

import (
	"os"
	"path/filepath"
	"testing"
)

// captured is a file below testdata/proc: what a real process's file said on
// Linux 6.18. Its directories are
//
//	root, user     a process of root's and of an ordinary user
//	jail-lo-down   `unshare -Urn` by an ordinary user
//	jail-lo-up     the same, lo up, with 127.0.0.53/32 beside 127.0.0.1/8
//	veth           root's, with interfaces, rules of its own and refusing routes
func captured(t testing.TB, parts ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"testdata", "proc"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// allCaptured are all files of one name.
func allCaptured(t testing.TB, file string) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "proc", "*", file))
	if err != nil || len(names) == 0 {
		t.Fatalf("no captured %s: %v", file, err)
	}
	var texts [][]byte
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

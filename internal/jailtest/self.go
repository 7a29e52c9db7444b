package jailtest

import (
	"os"
	"path/filepath"
	"testing"
)

// CopySelf puts the test's own program where any user may execute it: the go
// command builds it below a directory of the builder's.
func CopySelf(t testing.TB) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir := PublicDir(t)
	path := filepath.Join(dir, "self.test")
	if err := os.WriteFile(path, self, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// PublicDir is a temporary directory that any user may enter and read.
func PublicDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "netjail-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

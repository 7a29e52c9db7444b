package source_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, size int, mode os.FileMode) {
		if err := os.WriteFile(path(name), bytes.Repeat([]byte("#"), size), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("good", 10, 0o600)
	write("largest", policy.MaxBytes, 0o600)
	write("too-large", policy.MaxBytes+1, 0o600)
	write("closed", 10, 0)
	if err := syscall.Mkfifo(path("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("good", path("link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("circle", path("circle")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]diag.Code{
		"circle": diag.FileUnreadable, "good": "", "largest": "", "link": "", "too-large": diag.FileTooLarge, "fifo": diag.FileNotRegular,
		"absent": diag.FileNotFound, ".": diag.FileNotRegular, "good/below": diag.FileUnreadable, "closed": diag.FileUnreadable,
	} {
		if name == "closed" && os.Getuid() == 0 {
			continue // root reads it
		}
		src, list := source.Read(path(name))
		switch {
		case want == "" && (list.Err() != nil || len(src) == 0):
			t.Errorf("%s: %v", name, list.Err())
		case want != "" && (len(list) != 1 || list[0].Code != want || src != nil):
			t.Errorf("%s: %v, want %s", name, list, want)
		}
	}
	if _, list := source.Read("/dev/null"); len(list) != 1 || list[0].Code != diag.FileNotRegular {
		t.Error("/dev/null:", list)
	}
}

func TestReadFrom(t *testing.T) {
	if _, list := source.ReadFrom("<stdin>", iotest.ErrReader(errors.New("gone"))); len(list) != 1 || list[0].Code != diag.FileUnreadable {
		t.Error(list)
	}
	endless := bytes.NewReader(make([]byte, 2*policy.MaxBytes))
	if _, list := source.ReadFrom("<stdin>", endless); len(list) != 1 || list[0].Code != diag.FileTooLarge {
		t.Error(list)
	}
	if endless.Len() < policy.MaxBytes-1 {
		t.Error("read on after the bound")
	}
}

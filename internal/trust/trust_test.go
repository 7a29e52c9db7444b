package trust

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

var digest = "sha256:" + strings.Repeat("0a", 32)

func store(t *testing.T) *Store {
	return In(filepath.Join(t.TempDir(), "share/netjail/trust"), uint32(os.Getuid()))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	jailtest.AlsoAsUser(t)
	s := store(t)
	if r, err := s.Find("/a"); r != nil || err != nil {
		t.Fatalf("in no store: %v, %v", r, err)
	}
	if all, err := s.List(); all != nil || err != nil {
		t.Fatalf("in no store: %v, %v", all, err)
	}
	paths := []string{"/a", "/a b", "/a\n# path: \"/c\"", "/\xff\x00", "/ä"}
	for _, path := range paths {
		check(t, s.Add(&Record{path, digest, []byte("apiVersion: netjail/v1\n")}))
	}
	for _, path := range paths {
		r, err := s.Find(path)
		if err != nil || r == nil || r.Path != path || r.Digest != digest || string(r.Profile) != "apiVersion: netjail/v1\n" {
			t.Errorf("%q: %+v, %v", path, r, err)
		}
	}
	if all, err := s.List(); len(all) != len(paths) || err != nil || all[0].Path != "/\xff\x00" && all[0].Path != "/a" {
		t.Errorf("%v, %v", all, err)
	}
	other := strings.Replace(digest, "0a", "0b", 1)
	check(t, s.Add(&Record{"/a", other, nil}))
	if r, _ := s.Find("/a"); r.Digest != other {
		t.Error("the record was not replaced")
	}
	if was, err := s.Remove("/a"); !was || err != nil {
		t.Errorf("%v, %v", was, err)
	}
	if was, err := s.Remove("/a"); was || err != nil {
		t.Errorf("twice: %v, %v", was, err)
	}
	if r, err := s.Find("/a"); r != nil || err != nil {
		t.Errorf("%v, %v", r, err)
	}
}

// Nobody else may read or write what is kept, and nothing is left of the writing.
func TestModes(t *testing.T) {
	s := store(t)
	check(t, s.Add(&Record{"/a", digest, nil}))
	entries, err := os.ReadDir(s.dir)
	check(t, err)
	if len(entries) != 1 {
		t.Fatalf("%v", entries)
	}
	for path, want := range map[string]os.FileMode{s.dir: 0o700 | os.ModeDir, s.dir + "/" + entries[0].Name(): 0o600} {
		info, err := os.Stat(path)
		check(t, err)
		if info.Mode() != want {
			t.Errorf("%s: %v, want %v", path, info.Mode(), want)
		}
	}
}

// A store that others could have written is none, and that is an error: what is
// not known is not "not trusted", and not "trusted".
func TestHostileStore(t *testing.T) {
	jailtest.AlsoAsUser(t)
	record := func(s *Store) string { return s.dir + "/" + fileName("/a") }
	for _, tt := range []struct {
		name, cause string
		change      func(t *testing.T, s *Store)
	}{
		{"a directory that all may write", "others than its owner", func(t *testing.T, s *Store) { check(t, os.Chmod(s.dir, 0o777)) }},
		{"a record that the group may write", "others than its owner", func(t *testing.T, s *Store) { check(t, os.Chmod(record(s), 0o660)) }},
		{"a link as the directory", "a symbolic link", func(t *testing.T, s *Store) {
			check(t, os.Rename(s.dir, s.dir+"-away"))
			check(t, os.Symlink(s.dir+"-away", s.dir))
		}},
		{"a link as the record", "too many levels of symbolic links", func(t *testing.T, s *Store) {
			check(t, os.Rename(record(s), s.dir+"/x"))
			check(t, os.Symlink("x", record(s)))
		}},
		{"a FIFO", "no regular file", func(t *testing.T, s *Store) {
			check(t, os.Remove(record(s)))
			check(t, unix.Mkfifo(record(s), 0o600))
		}},
		{"a directory as the record", "no regular file", func(t *testing.T, s *Store) {
			check(t, os.Remove(record(s)))
			check(t, os.Mkdir(record(s), 0o700))
		}},
		{"no record", "not a record", func(t *testing.T, s *Store) { check(t, os.WriteFile(record(s), []byte("x"), 0o600)) }},
		{"half a record", "not a record", func(t *testing.T, s *Store) { check(t, os.Truncate(record(s), 90)) }},
		{"another path's record", `it is the record of "/b"`, func(t *testing.T, s *Store) {
			check(t, s.Add(&Record{"/b", digest, nil}))
			check(t, os.Rename(s.dir+"/"+fileName("/b"), record(s)))
		}},
		{"a file as the store", "no directory", func(t *testing.T, s *Store) {
			check(t, os.RemoveAll(s.dir))
			check(t, os.WriteFile(s.dir, nil, 0o600))
		}},
		{"a huge record", "longer than any", func(t *testing.T, s *Store) { check(t, os.Truncate(record(s), 1<<30)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := store(t)
			check(t, s.Add(&Record{"/a", digest, nil}))
			tt.change(t, s)
			r, err := s.Find("/a")
			var own *Error
			if r != nil || !errors.As(err, &own) || !strings.Contains(own.Cause, tt.cause) || own.Help == "" {
				t.Errorf("%v, %v, want %q", r, err, tt.cause)
			}
		})
	}
}

func TestStoreOfOthers(t *testing.T) {
	jailtest.Require(t, "root")
	for _, what := range []func(s *Store) string{func(s *Store) string { return s.dir }, func(s *Store) string { return s.dir + "/" + fileName("/a") }} {
		s := store(t)
		check(t, s.Add(&Record{"/a", digest, nil}))
		check(t, os.Chown(what(s), jailtest.Stranger, -1))
		if r, err := s.Find("/a"); r != nil || err == nil || !strings.Contains(err.Error(), "belongs to user 12345") {
			t.Errorf("%v, %v", r, err)
		}
	}
	s := store(t)
	check(t, os.MkdirAll(s.dir, 0o700))
	check(t, os.Chown(s.dir, jailtest.Stranger, -1))
	if err := s.Add(&Record{"/a", digest, nil}); err == nil || !strings.Contains(err.Error(), "belongs to user 12345") {
		t.Errorf("written to a stranger's store: %v", err)
	}
}

// Where the store cannot be written the old record stays.
func TestUnwritable(t *testing.T) {
	jailtest.AlsoAsUser(t)
	if os.Getuid() == 0 {
		return // root writes everywhere
	}
	s := store(t)
	check(t, s.Add(&Record{"/a", digest, nil}))
	check(t, os.Chmod(s.dir, 0o500))
	t.Cleanup(func() { os.Chmod(s.dir, 0o700) })
	var own *Error
	if err := s.Add(&Record{"/a", "sha256:" + strings.Repeat("1", 64), nil}); !errors.As(err, &own) || own.Help == "" {
		t.Errorf("%v", err)
	}
	if _, err := s.Remove("/a"); !errors.As(err, &own) {
		t.Errorf("%v", err)
	}
	if r, err := s.Find("/a"); err != nil || r.Digest != digest {
		t.Errorf("%v, %v", r, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add((&Record{"/a", digest, []byte("apiVersion: netjail/v1\n")}).text())
	f.Add((&Record{"/\xff\n", digest, nil}).text())
	f.Add([]byte(headLine + pathWord + "`/a`\n" + digestWord + digest + "\n"))
	f.Add([]byte(headLine))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := parse(text)
		if err != nil {
			return
		}
		if !bytes.Equal(r.text(), text) {
			t.Errorf("%q reads as %+v", text, r)
		}
	})
}

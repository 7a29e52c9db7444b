package cli

import (
	"bytes"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// loadRevision resolves an argument as loadProfile does or, where it is REV:PATH
// and no file of that name exists, as a file that git has in a revision.
//
// Errors: *problems, *fault.
func (a *app) loadRevision(arg string) (*profile, error) {
	revision, path, ok := strings.Cut(arg, ":")
	if _, err := os.Lstat(arg); !ok || err == nil {
		return a.loadProfile(arg)
	}
	if revision == "" || path == "" || strings.HasPrefix(revision, "-") {
		return nil, &fault{message: arg + " names no file of a revision", help: "write REV:PATH, such as HEAD:profiles/ci.yaml"}
	}
	text, err := a.gitFile(arg)
	if err != nil {
		return nil, err
	}
	return resolvedAs(arg)(a.resolve(&policy.Source{File: arg, Text: text}, a.openRevision))
}

// openRevision reads a file that the one of a revision extends: from the same
// revision.
func (a *app) openRevision(file string) ([]byte, diag.List) {
	text, err := a.gitFile(file)
	if err != nil {
		return nil, diag.List{{Code: diag.FileUnreadable, File: file, Message: err.Error()}}
	}
	return text, nil
}

// gitFile is the text of a file in a revision, up to the bound of a profile.
func (a *app) gitFile(name string) ([]byte, error) {
	find := newSearch("git", a.environ)
	path, ok := find.next()
	if !ok {
		return nil, &fault{message: "read " + name + ": git is not in PATH", help: "install git, or name a file"}
	}
	out, err := output(path, []string{"git", "cat-file", "blob", name}, a.environ)
	if err != nil {
		return nil, &fault{message: "read " + name + ": " + err.Error(), help: "`git cat-file blob " + name + "` says more"}
	}
	return out, nil
}

// output runs a program and returns what it wrote, at most one byte more than a
// profile may have; what it says on its standard error is the error.
func output(path string, argv, environ []string) ([]byte, error) {
	in, err := os.Open("/dev/null")
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, err := scratch()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	words, err := scratch()
	if err != nil {
		return nil, err
	}
	defer words.Close()
	p, err := os.StartProcess(path, argv, &os.ProcAttr{Env: environ, Files: []*os.File{in, out, words}})
	if err != nil {
		return nil, err
	}
	state, err := p.Wait()
	if err != nil {
		return nil, err
	}
	if !state.Success() {
		said, _ := readBack(words)
		return nil, &exitError{state.String(), strings.TrimSpace(string(said))}
	}
	return readBack(out)
}

// exitError is a program that failed.
type exitError struct{ how, said string }

func (e *exitError) Error() string {
	if e.said == "" {
		return e.how
	}
	return e.said
}

// scratch is a file in memory. A program that writes to one, and not to a pipe,
// never waits for a reader.
func scratch() (*os.File, error) {
	fd, err := unix.MemfdCreate("netjail", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "netjail"), nil
}

func readBack(f *os.File) ([]byte, error) {
	text := make([]byte, policy.MaxBytes+1)
	n, err := unix.Pread(int(f.Fd()), text, 0)
	return bytes.Clone(text[:max(n, 0)]), err
}

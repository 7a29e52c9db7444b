package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/netjail/netjail/internal/crew"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/probe"
	"github.com/netjail/netjail/internal/trial"
)

// attempt is one test on its way: it is the side outside for package trial.
type attempt struct {
	*pool
	*testCase
	// inside and outside are what the probe connects to.
	inside, outside []trial.Target
	err             error
}

// attempt makes one test.
func (p *pool) attempt(c *testCase) (trial.Result, error) {
	a := &attempt{pool: p, testCase: c}
	if c.test.Connect != "" {
		listeners, err := listen(c.test.Connect)
		defer func() {
			for _, l := range listeners {
				l.Close()
			}
		}()
		if err != nil {
			return trial.Result{}, err
		}
		var endpoints []string
		for _, l := range listeners {
			endpoints = append(endpoints, l.Endpoint)
		}
		a.inside, a.outside = trial.Targets(c.test, endpoints)
	}
	seen := a.side([]string{sideJail, c.file, c.profile.Digest}, a.inside)
	var r trial.Result
	if c.test.Expect.Verdict == policy.VerdictOutcome {
		r = trial.Compare(c.test, seen, a, p.readers.Matches)
	} else {
		r = trial.Judge(c.test, trial.Read(c.test, seen, a.inside), a)
	}
	return r, a.err
}

// Try tries the same outside of the jail.
func (a *attempt) Try() trial.Answer {
	if a.test.Connect != "" && len(a.outside) == 0 {
		return trial.Control(&trial.Seen{}, nil)
	}
	seen := a.side([]string{sideHost}, a.outside)
	if a.test.Connect != "" {
		return trial.Control(seen, a.outside)
	}
	return trial.Read(a.test, seen, nil)
}

// Look says whether the command of `run` is there outside.
func (a *attempt) Look() trial.Answer {
	name := a.test.Run[0]
	find := newSearch(name, a.environ)
	path, ok := find.next()
	if ok && find.byPath() {
		_, err := os.Stat(path)
		ok = err == nil
	}
	if !ok {
		return trial.Answer{Kind: trial.Absent, Text: "the command was not found: " + name}
	}
	return trial.Answer{Kind: trial.Worked, Text: "found " + path}
}

// side has netjail executed for one side of the test, in a directory of its own.
// how are its first arguments.
func (a *attempt) side(how []string, targets []trial.Target) *trial.Seen {
	ended, err := a.execute(how, targets)
	if errors.Is(err, crew.ErrStopped) {
		a.err = err
	}
	if err != nil {
		return &trial.Seen{Words: err.Error()}
	}
	return seenOf(ended)
}

func (a *attempt) execute(how []string, targets []trial.Target) (ended *crew.Ended, err error) {
	dir, err := filepath.Abs(a.options.workdir)
	if a.options.workdir == "" {
		dir, err = newScratch()
	}
	if err != nil {
		return nil, err
	}
	if a.options.workdir == "" {
		defer func() { err = errors.Join(err, removeScratch(dir)) }()
	}
	argv, err := a.argv(dir, targets)
	if err != nil {
		return nil, err
	}
	return a.crew.Run(&crew.Command{
		Path: stub, Argv: append(append([]string{testArgv0}, how...), argv...),
		Env: a.environ, Dir: dir, Limit: a.options.timeout,
	})
}

// argv is the command of the test: its own, getent(1), or the probe.
func (a *attempt) argv(dir string, targets []trial.Target) ([]string, error) {
	t := a.test
	switch {
	case t.Run != nil:
		return t.Run, nil
	case t.Resolve != "":
		return []string{"getent", "ahosts", t.Resolve}, nil
	case t.Connect != "":
		var endpoints []string
		for _, target := range targets {
			endpoints = append(endpoints, target.Endpoint)
		}
		return append([]string{probe.Argv0}, probe.Connect(endpoints...)...), nil
	}
	path, err := absolute(t.Open, dir)
	if t.Write {
		return append([]string{probe.Argv0}, probe.Write(path)...), err
	}
	return append([]string{probe.Argv0}, probe.Read(path)...), err
}

// absolute is the path of `open` from the root on. `~` is the home that the
// password file names, as everywhere in a profile.
func absolute(path, dir string) (string, error) {
	below, home := strings.CutPrefix(path, "~")
	switch {
	case home:
		at, why := host.Home(uint32(os.Getuid()))
		if why != "" {
			return "", &fault{message: "find the home directory: " + why}
		}
		return at + below, nil
	case filepath.IsAbs(path):
		return path, nil
	case path == ".":
		return dir + "/.", nil // where there is no such directory, no file is made in its place
	}
	return filepath.Join(dir, path), nil
}

package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/report"
	"github.com/netjail/netjail/profiles"
)

// testCase is one test of a profile.
type testCase struct {
	profile *profile
	test    *policy.Test
	// file is the profile's file as an absolute path, or a built-in one's name: the
	// test has another working directory.
	file string
}

// testCases are the tests of the profiles that arguments name, those of one
// profile beside one another. unnamed are profiles in reach that foreign people
// may have written.
//
// Errors: *problems, *fault; of all profiles, the first that is wrong.
func (a *app) testCases(args []string, filter string) (cases []testCase, unnamed []string, err error) {
	if len(args) == 0 {
		unnamed = projectProfiles()
		args = profiles.Names()
	}
	for _, arg := range args {
		files, dir, err := testFiles(arg)
		if err != nil {
			return nil, nil, err
		}
		for _, file := range files {
			list, err := a.testsOf(file)
			if err != nil {
				return nil, nil, err
			}
			if len(list) == 0 && !dir && isPath(file) {
				return nil, nil, &fault{message: file + " has no tests", help: "`netjail explain tests` says how one is written"}
			}
			for i := range list {
				if strings.Contains(list[i].test.Name, filter) {
					cases = append(cases, list[i])
				}
			}
		}
	}
	return cases, unnamed, nil
}

// testFiles are the profiles that an argument stands for: itself, or those below
// a directory.
func testFiles(arg string) (files []string, dir bool, err error) {
	info, err := os.Stat(arg)
	if err != nil || !info.IsDir() || !isPath(arg) && arg[0] != '.' {
		return []string{arg}, false, nil // what is wrong with it is told where it is read
	}
	files, err = profilesBelow(arg)
	return files, true, err
}

// testsOf are the tests of one profile.
func (a *app) testsOf(arg string) ([]testCase, error) {
	p, err := (&selection{written: true, runs: true}).load(a, arg)
	if err != nil {
		return nil, err
	}
	file := arg
	if p.source != report.BuiltIn {
		if file, err = filepath.Abs(p.source); err != nil {
			return nil, err
		}
	}
	cases := make([]testCase, len(p.Tests))
	for i := range p.Tests {
		cases[i] = testCase{p, &p.Tests[i], file}
	}
	return cases, nil
}

// projectProfiles are the files of the project's .netjail, from the working
// directory up to the top of the repository.
func projectProfiles() []string {
	dir, err := os.Getwd()
	if err != nil {
		return nil
	}
	var files []string
	for {
		below, err := profilesBelow(filepath.Join(dir, ".netjail"))
		if err == nil {
			files = append(files, below...)
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil || dir == "/" {
			return files
		}
		dir = filepath.Dir(dir)
	}
}

package jailtest

import (
	"os/exec"
	"path/filepath"
	"strings"
)

// missingProgram says why a program is not to be had, or nothing. Words that are
// no program's name: pytest and pip, which are modules of Python, and postgres.
func missingProgram(word string) string {
	switch word {
	case "pytest", "pip":
		return tryRun("python3", "-m", word, "--version")
	case "postgres":
		if PostgresPrograms() == "" {
			return "there is no initdb"
		}
		return ""
	}
	if _, err := exec.LookPath(word); err != nil {
		return err.Error()
	}
	return ""
}

// tryRun runs a program that is to succeed.
func tryRun(name string, args ...string) string {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return strings.TrimSpace(err.Error() + ": " + string(out))
	}
	return ""
}

// PostgresPrograms is the directory of initdb, pg_ctl and psql, empty where there
// is none. Debian keeps it out of PATH, one for each version; the last will do.
func PostgresPrograms() string {
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

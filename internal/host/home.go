package host

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// Workdir is the working directory, absolute and without symbolic links; empty
// where it has no path.
func Workdir() string { return workdir() }

// readHome is the home directory that the password file gives a user; why says
// why there is none. HOME is not asked: it is the caller's word, and what is
// hidden must not depend on that.
func readHome(uid uint32) (home, why string) {
	text, err := readAll(fileAccounts)
	if err != nil {
		return "", fileAccounts + ": " + err.Error()
	}
	home, err = homeOf(text, uid)
	if err != nil {
		return "", fileAccounts + ": " + err.Error()
	}
	return home, ""
}

// Home is readHome for others: what `~` stands for in a profile.
func Home(uid uint32) (home, why string) { return readHome(uid) }

// homeOf looks up a user's line in the text of passwd(5). Other lines may be as
// they like.
//
// Errors: there is no such line, it is not one of seven fields with an absolute
// path as the sixth, or there are several with different homes.
func homeOf(text string, uid uint32) (home string, err error) {
	want := strconv.FormatUint(uint64(uid), 10)
	for line := 1; text != ""; line++ {
		var row string
		row, text, _ = strings.Cut(text, "\n")
		if !names(row, want) {
			continue
		}
		fields := strings.SplitN(row, ":", 8)
		switch {
		case len(fields) != 7:
			return "", fmt.Errorf("line %d: %d fields, expected 7", line, strings.Count(row, ":")+1)
		case fields[2] != want:
			return "", fmt.Errorf("line %d: %q is an odd spelling of %s", line, fields[2], want)
		case !cleanHome(fields[5]):
			return "", fmt.Errorf("line %d: the home %q is no absolute path without odd parts", line, fields[5])
		case home != "" && home != path.Clean(fields[5]):
			return "", fmt.Errorf("line %d: user %s has a second home, %s beside %s", line, want, fields[5], home)
		}
		home = path.Clean(fields[5])
	}
	if home == "" {
		return "", errors.New("it has no line for user " + want)
	}
	return home, nil
}

// names says whether a line may be the one of the user id, also for a reader who
// overlooks blanks and zeros before it.
func names(row, id string) bool {
	if row == "" || row[0] == '#' || row[0] == '+' || row[0] == '-' { // a comment, or nss_compat's
		return false
	}
	_, rest, _ := strings.Cut(row, ":")
	_, rest, ok := strings.Cut(rest, ":")
	field, _, _ := strings.Cut(rest, ":")
	field = strings.TrimLeft(strings.TrimSpace(field), "+0 \t")
	return ok && (field == id || id == "0" && field == "" && len(rest) > 0 && rest[0] != ':')
}

// cleanHome allows one slash at the end, which many accounts have.
func cleanHome(path string) bool {
	return path == "/" || cleanPath(strings.TrimSuffix(path, "/"))
}

// cleanPath says whether a path is as the kernel writes it: from the root, each
// part of it once.
func cleanPath(path string) bool {
	if path == "/" {
		return true
	}
	if !strings.HasPrefix(path, "/") {
		return false
	}
	for part := range strings.SplitSeq(path[1:], "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

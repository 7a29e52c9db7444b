// Package trust keeps which profiles of projects a user accepts: for each file
// the digest that its profile had, in a directory of the user's that nobody else
// may write to.
package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
)

// Record says that a user accepts a file's profile.
type Record struct {
	// Path is the file, absolute and without symbolic links.
	Path string
	// Digest is that of the resolved profile when it was accepted, so that a change
	// in what it extends is a change as well.
	Digest string
	// Profile is the resolved profile as YAML, for people to see what has changed.
	Profile []byte
}

// The lines that a record begins with; the profile follows.
const (
	headLine   = "# netjail trust, version 1\n"
	pathWord   = "# path: "
	digestWord = "# digest: "
)

// errForm says that a record is none.
var errForm = errors.New("it is not a record of netjail's")

// text is the record as it is kept. It is a profile in YAML.
func (r *Record) text() []byte {
	head := headLine + pathWord + strconv.Quote(r.Path) + "\n" + digestWord + r.Digest + "\n"
	return append([]byte(head), r.Profile...)
}

// parse reads what text has written.
func parse(text []byte) (*Record, error) {
	rest, ok := strings.CutPrefix(string(text), headLine)
	path, rest, ok2 := line(rest, pathWord)
	digest, rest, ok3 := line(rest, digestWord)
	name, err := strconv.Unquote(path)
	if !ok || !ok2 || !ok3 || err != nil || strconv.Quote(name) != path || !strings.HasPrefix(name, "/") || !isDigest(digest) {
		return nil, errForm
	}
	return &Record{name, digest, []byte(rest)}, nil
}

// line is what stands behind a word on the first line.
func line(text, word string) (value, rest string, ok bool) {
	first, rest, ended := strings.Cut(text, "\n")
	value, ok = strings.CutPrefix(first, word)
	return value, rest, ok && ended
}

// isDigest says whether s is a whole digest.
func isDigest(s string) bool {
	digits, ok := strings.CutPrefix(s, "sha256:")
	return ok && len(digits) == 64 && strings.Trim(digits, "0123456789abcdef") == ""
}

const extension = ".yaml"

// fileName is the name of a path's record: one file for each, whatever the path
// holds.
func fileName(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:]) + extension
}

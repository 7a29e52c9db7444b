package host

import (
	"fmt"
	"os"
	"strconv"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/subid"
)

// The files that say which ids exist and who may take more.
const (
	fileAccounts = "/etc/passwd"
	fileGroups   = "/etc/group"
	fileSubUID   = "/etc/subuid"
	fileSubGID   = "/etc/subgid"
)

// claims are the ids that somebody has, or may take through newuidmap(1).
type claims struct {
	all []plan.Claim
	// names are the login names of the caller's user id; several can share one.
	names []string
	// uids and gids are the subordinate ranges of everybody.
	uids, gids []subid.Range
}

// readClaims reads all four files by read, which gives nothing for one that is not
// there.
//
// Errors: a file or a line that cannot be read. It could be the one that matters,
// so there are no claims then.
func readClaims(uid uint32, read func(path string) (string, error)) (*claims, error) {
	c := &claims{}
	for _, table := range [...]struct {
		path  string
		parse func(file, text string) ([]plan.Claim, error)
	}{{fileAccounts, parseAccounts}, {fileGroups, parseGroups}} {
		text, err := read(table.path)
		if err != nil {
			return nil, err
		}
		found, err := table.parse(table.path, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", table.path, err)
		}
		c.all = append(c.all, found...)
	}
	c.names = namesOf(c.all, uid)
	for _, file := range [...]struct {
		path   string
		ranges *[]subid.Range
	}{{fileSubUID, &c.uids}, {fileSubGID, &c.gids}} {
		text, err := read(file.path)
		if err != nil {
			return nil, err
		}
		if *file.ranges, err = subid.Parse(text); err != nil {
			return nil, fmt.Errorf("%s: %w", file.path, err)
		}
		c.addSubordinate(file.path, *file.ranges, uid)
	}
	return c, nil
}

// readTable reads a file of /etc.
func readTable(path string) (string, error) {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return "", nil
	}
	return string(text), err
}

// namesOf are the names of the accounts with a user id.
func namesOf(accounts []plan.Claim, uid uint32) []string {
	var names []string
	for _, a := range accounts {
		if a.File == fileAccounts && !a.Group && a.Range.First == uid {
			names = append(names, a.Who)
		}
	}
	return names
}

// addSubordinate adds the ranges of a file to the claims.
func (c *claims) addSubordinate(path string, ranges []subid.Range, uid uint32) {
	self := strconv.FormatUint(uint64(uid), 10)
	for _, r := range ranges {
		c.all = append(c.all, plan.Claim{
			Range: plan.Range{First: r.First, Size: r.Size}, Group: path == fileSubGID, Own: r.Belongs(self, c.names),
			Who: r.Owner, File: path, Line: r.Line,
		})
	}
}

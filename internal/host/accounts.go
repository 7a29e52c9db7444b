package host

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/plan"
)

// parseAccounts reads the user and group ids of passwd(5).
func parseAccounts(file, text string) ([]plan.Claim, error) {
	users, err := parseTable(file, text, 7, 2)
	if err != nil {
		return nil, err
	}
	groups, err := parseTable(file, text, 7, 3)
	for i := range groups {
		groups[i].Group = true
	}
	return append(users, groups...), err
}

// parseGroups reads the ids of group(5).
func parseGroups(file, text string) ([]plan.Claim, error) {
	groups, err := parseTable(file, text, 4, 2)
	for i := range groups {
		groups[i].Group = true
	}
	return groups, err
}

// parseTable reads lines of n fields parted by colons, of which the first is a
// name and field id an id.
func parseTable(file, text string, n, id int) ([]plan.Claim, error) {
	claims := make([]plan.Claim, 0, strings.Count(text, "\n")+1)
	for line := 1; text != ""; line++ {
		var row string
		row, text, _ = strings.Cut(text, "\n")
		row = strings.TrimRight(row, "\r")
		if row == "" || row[0] == '#' || row[0] == '+' || row[0] == '-' {
			continue // empty, a comment, or a directory service's marker (nss_compat)
		}
		fields := strings.SplitN(row, ":", n+1)
		if len(fields) != n {
			return nil, fmt.Errorf("line %d: %d fields, expected %d", line, strings.Count(row, ":")+1, n)
		}
		first, err := number(fields[id])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		claims = append(claims, plan.Claim{Range: plan.Range{First: first, Size: 1}, Who: fields[0], File: file, Line: line})
	}
	return claims, nil
}

// number is a plain decimal number of 32 bits.
func number(field string) (uint32, error) {
	n, err := strconv.ParseUint(field, 10, 32)
	if err != nil || len(field) > 1 && field[0] == '0' {
		return 0, fmt.Errorf("%q is no id", field)
	}
	return uint32(n), nil
}

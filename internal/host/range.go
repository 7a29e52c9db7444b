package host

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"github.com/netjail/netjail/internal/plan"
)

// Root's jail gets ids that nobody else has: a user whose subordinate range
// held them could kill it through newuidmap.
const (
	rangeFirst = 0x70000000
	rangeLast  = 0x7fff0000
	rangeSize  = 0x10000
)

// span is a range of ids that is taken.
type span struct{ first, size uint64 }

// rootRange is the first range from rangeFirst on that is disjoint from every
// subordinate range and every account, and that netjail's own user namespace
// holds. Where there is none, why says so.
func rootRange() (r plan.Range, why string) {
	var taken []span
	for _, source := range []struct {
		path  string
		parse func([]byte) ([]span, error)
	}{
		{"/etc/subuid", parseSubordinate},
		{"/etc/subgid", parseSubordinate},
		{"/etc/passwd", parseAccounts},
		{"/etc/group", parseGroups},
	} {
		text, err := os.ReadFile(source.path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return plan.Range{}, err.Error()
		}
		spans, err := source.parse(text)
		if err != nil {
			return plan.Range{}, source.path + ":" + err.Error()
		}
		taken = append(taken, spans...)
	}
	return freeRange(taken, mapped)
}

// freeRange is the first candidate that overlaps nothing taken and is mapped.
func freeRange(taken []span, mapped func(span) bool) (plan.Range, string) {
	for first := uint64(rangeFirst); first <= rangeLast; first += rangeSize {
		candidate := span{first, rangeSize}
		if !mapped(candidate) {
			return plan.Range{}, fmt.Sprintf("ids from %d on do not exist in netjail's own user namespace", first)
		}
		if !overlapsAny(candidate, taken) {
			return plan.Range{First: uint32(first), Size: rangeSize}, ""
		}
	}
	return plan.Range{}, "/etc/subuid, /etc/subgid and the accounts leave none free"
}

func overlapsAny(s span, taken []span) bool {
	for _, t := range taken {
		if s.first < t.first+t.size && t.first < s.first+s.size {
			return true
		}
	}
	return false
}

// mapped says whether netjail's own user namespace holds all of s, as user and
// as group ids.
func mapped(s span) bool {
	for _, path := range []string{"/proc/self/uid_map", "/proc/self/gid_map"} {
		text, err := os.ReadFile(path)
		if err != nil || !holds(text, s) {
			return false
		}
	}
	return true
}

func holds(idMap []byte, s span) bool {
	for line := range bytes.Lines(idMap) {
		fields := bytes.Fields(line)
		if len(fields) != 3 {
			return false
		}
		first, err1 := number(fields[0])
		size, err2 := number(fields[2])
		if err1 == nil && err2 == nil && first <= s.first && s.first+s.size <= first+size {
			return true
		}
	}
	return false
}

// parseSubordinate reads subuid(5): name:first:count. Anything else is an error:
// a line that was skipped could be the one that overlaps.
func parseSubordinate(text []byte) ([]span, error) { return parseTable(text, 3, 1, 2) }

// parseAccounts reads the user and group ids of passwd(5).
func parseAccounts(text []byte) ([]span, error) {
	uids, err := parseTable(text, 7, 2, -1)
	if err != nil {
		return nil, err
	}
	gids, err := parseTable(text, 7, 3, -1)
	return append(uids, gids...), err
}

// parseGroups reads the ids of group(5).
func parseGroups(text []byte) ([]span, error) { return parseTable(text, 4, 2, -1) }

// parseTable reads lines of n fields parted by colons; field first is an id and
// field count, where it is not negative, how many follow.
func parseTable(text []byte, n, first, count int) ([]span, error) {
	var spans []span
	line := 0
	for raw := range bytes.Lines(text) {
		line++
		row := bytes.TrimRight(raw, "\r\n")
		if len(row) == 0 || row[0] == '#' || row[0] == '+' || row[0] == '-' {
			continue // empty, a comment, or a directory service's marker (nss_compat)
		}
		fields := bytes.Split(row, []byte(":"))
		if len(fields) != n {
			return nil, fmt.Errorf("%d: %d fields, expected %d", line, len(fields), n)
		}
		s := span{size: 1}
		var err error
		if s.first, err = number(fields[first]); err != nil {
			return nil, fmt.Errorf("%d: %w", line, err)
		}
		if count >= 0 {
			if s.size, err = number(fields[count]); err != nil {
				return nil, fmt.Errorf("%d: %w", line, err)
			}
		}
		spans = append(spans, s)
	}
	return spans, nil
}

// number is a plain decimal number of 32 bits. A leading zero is an error: to
// newuidmap(1) it means an octal number, and so other ids than it does here.
func number(field []byte) (uint64, error) {
	n, err := strconv.ParseUint(string(field), 10, 32)
	if err != nil || len(field) > 1 && field[0] == '0' {
		return 0, fmt.Errorf("%q is no id", field)
	}
	return n, nil
}

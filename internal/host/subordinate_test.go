package host

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
)

func TestSubordinateOf(t *testing.T) {
	everything := "/proc/self/uid_map" // of a process in the first user namespace
	for _, c := range []struct {
		name, subuid string
		uid          uint32
		idMap        string
		want         []plan.Range
		why, help    string // parts
	}{
		{"by name", "ann:1:1\njo:100000:10\n", 1000, everything, []plan.Range{{First: 100000, Size: 10}}, "", ""},
		{"by number and by both names", "1000:5000:1\njoe:7000:2\njo:6000:3\n", 1000, everything, []plan.Range{{First: 5000, Size: 1}, {First: 7000, Size: 2}, {First: 6000, Size: 3}}, "", ""},
		{"none", "ann:100000:65536\n", 1000, everything, nil, "/etc/subuid gives jo, joe (user id 1000) no ids", "add the line `jo:165536:65536` to /etc/subuid"},
		{"none, and no file", "", 1000, everything, nil, "no ids", "`jo:100000:65536`"},
		{"none, and no account", "ann:100000:65536\n", 77, everything, nil, "the user 77, who has no line in /etc/passwd, no ids", "`77:165536:65536`"},
		{"two that overlap", "jo:100:10\njo:500:5\njo:109:1\n", 1000, everything, nil, "the lines 1 and 3 of /etc/subuid", "correct"},
		{"the host's root", "jo:0:10\n", 1000, everything, nil, "line 1 of /etc/subuid holds 0", "correct"},
		{"the caller's own", "jo:500:5\njo:990:20\n", 1000, everything, nil, "line 2 of /etc/subuid holds 1000", "correct"},
		{"not in netjail's own namespace", "jo:100000:10\n", 1000, "/dev/null", nil, "100000 to 100009, of line 1", "outside"},
		{"others' overlap is none of this", "ann:5:10\nann:5:10\njo:100:10\n", 1000, everything, []plan.Range{{First: 100, Size: 10}}, "", ""},
	} {
		files := etc{fileAccounts: passwd, fileGroups: group, fileSubUID: c.subuid}
		all, err := readClaims(c.uid, files.read)
		if err != nil {
			t.Fatal(err)
		}
		if c.idMap == everything && !mapped(everything, plan.Range{First: 1, Size: 1 << 20}) {
			t.Skip("this test runs in a user namespace that holds few ids")
		}
		got := all.subordinateOf(idKind{"user", fileSubUID, c.idMap, c.uid}, c.uid, all.uids)
		if !slices.Equal(got.Ranges, c.want) || (got.Why == "") != (c.why == "") || !strings.Contains(got.Why, c.why) || !strings.Contains(got.Help, c.help) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestSubordinateOfNobody: what the line that is to be added would take is not
// taken, also where there is nothing.
func TestSubordinateOfNobody(t *testing.T) {
	c := &claims{all: taken(plan.Range{First: suggestFirst, Size: 1 << 31})}
	if got := c.lineToAdd(idKind{file: fileSubUID}, "1000"); got != "as root, add a line for 1000 to /etc/subuid" {
		t.Error(got)
	}
}

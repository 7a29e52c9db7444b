package host

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/plan"
)

// etc is a directory of tables in memory.
type etc map[string]string

// read is readTable.
func (e etc) read(path string) (string, error) {
	text, ok := e[path]
	if text == "unreadable" {
		return "", &fs.PathError{Op: "open", Path: path, Err: errors.New("permission denied")}
	}
	if !ok {
		return "", nil
	}
	return text, nil
}

const (
	passwd = "root:x:0:0:root:/root:/bin/sh\n# a remark\njo:x:1000:100:,,,:/home/jo:/bin/sh\njoe:x:1000:100::/home/jo:/bin/sh\n+::::::\n"
	group  = "root:x:0:\nusers:x:100:jo\n-bob\n"
)

func TestReadClaims(t *testing.T) {
	one := func(first uint32, group bool, who, file string, line int) plan.Claim {
		return plan.Claim{Range: plan.Range{First: first, Size: 1}, Group: group, Who: who, File: file, Line: line}
	}
	files := etc{
		fileAccounts: passwd, fileGroups: group,
		fileSubUID: "jo:100000:10\nann:200000:10\n1000:300000:10\n", fileSubGID: "joe:100000:5\n",
	}
	c, err := readClaims(1000, files.read)
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Claim{
		one(0, false, "root", fileAccounts, 1), one(1000, false, "jo", fileAccounts, 3), one(1000, false, "joe", fileAccounts, 4),
		one(0, true, "root", fileAccounts, 1), one(100, true, "jo", fileAccounts, 3), one(100, true, "joe", fileAccounts, 4),
		one(0, true, "root", fileGroups, 1), one(100, true, "users", fileGroups, 2),
		{Range: plan.Range{First: 100000, Size: 10}, Own: true, Who: "jo", File: fileSubUID, Line: 1},
		{Range: plan.Range{First: 200000, Size: 10}, Who: "ann", File: fileSubUID, Line: 2},
		{Range: plan.Range{First: 300000, Size: 10}, Own: true, Who: "1000", File: fileSubUID, Line: 3},
		{Range: plan.Range{First: 100000, Size: 5}, Group: true, Own: true, Who: "joe", File: fileSubGID, Line: 1},
	}
	if diff := cmp.Diff(want, c.all); diff != "" {
		t.Error(diff)
	}
	if strings.Join(c.names, " ") != "jo joe" || len(c.uids) != 3 || len(c.gids) != 1 {
		t.Errorf("names %q, %d and %d ranges", c.names, len(c.uids), len(c.gids))
	}
	if c, err := readClaims(1000, etc{}.read); err != nil || len(c.all) != 0 {
		t.Errorf("without the files: %v, %v", c, err)
	}
}

// TestReadClaimsFails: a line or a file that cannot be read leaves nothing.
func TestReadClaimsFails(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{fileAccounts, "root:x:0:0:root:/root\n", "/etc/passwd: line 1: 6 fields"},
		{fileAccounts, "\nroot:x::0:root:/root:/bin/sh\n", `/etc/passwd: line 2: ""`},
		{fileAccounts, "root:x:0:no:root:/root:/bin/sh\n", `line 1: "no"`},
		{fileAccounts, "root:x:00:0:root:/root:/bin/sh\n", `line 1: "00"`},
		{fileAccounts, "root:x:4294967296:0:root:/root:/bin/sh\n", `line 1: "4294967296"`},
		{fileAccounts, "unreadable", "permission denied"},
		{fileGroups, "root:x:zero:\n", `/etc/group: line 1: "zero"`},
		{fileGroups, "root:x:0\n", "line 1: 3 fields"},
		{fileSubUID, "jo:1:1\njo:abc:xyz\njo\n", `/etc/subuid: line 2: "abc" is no id; line 3: 1 fields`},
		{fileSubUID, "unreadable", "permission denied"},
		{fileSubGID, "jo:1:0\n", "/etc/subgid: line 1: a range of no ids"},
	} {
		files := etc{fileAccounts: passwd, fileGroups: group}
		files[c.file] = c.text
		got, err := readClaims(1000, files.read)
		if got != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: %v, %v, want %q", c.file, c.text, got, err, c.want)
		}
	}
}

// FuzzAccounts wants from both parsers an error, or one claim for each id of each
// line that counts, and from a range that is free of all of them that it is.
func FuzzAccounts(f *testing.F) {
	for _, text := range []string{passwd, group, "#\n+\n-\n\n", "::\n", ":::::::\n", "\r\r\n", "a:b:1:\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := 0
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(strings.TrimSuffix(line, "\n"), "\r"); line != "" && !strings.ContainsAny(line[:1], "#+-") {
				lines++
			}
		}
		for _, c := range []struct {
			parse func(file, text string) ([]plan.Claim, error)
			each  int
		}{{parseAccounts, 2}, {parseGroups, 1}} {
			claims, err := c.parse("file", text)
			if err != nil {
				continue
			}
			if len(claims) != lines*c.each {
				t.Fatalf("%d claims of %d lines", len(claims), lines)
			}
			for _, k := range claims {
				if row := strings.Split(text, "\n")[k.Line-1]; !strings.Contains(row, fmt.Sprint(k.First)) || k.Size != 1 {
					t.Fatalf("%+v of line %q", k, row)
				}
			}
			if r, why := freeRange(claims, func(plan.Range) bool { return true }); why == "" && overlapsAny(r, claims) {
				t.Fatalf("%+v is taken", r)
			}
		}
		holds([]byte(text), plan.Range{Size: 1})
	})
}

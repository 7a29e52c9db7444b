package subid

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Range
	}{
		{"nothing", "", nil},
		{"empty lines and comments", "\n# tester:1:2\n\n#\n", nil},
		{"a name", "tester:100000:65536\n", []Range{{"tester", 100000, 65536, 1}}},
		{"a number", "1001:100000:65536\n", []Range{{"1001", 100000, 65536, 1}}},
		{"no line feed at the end", "a:1:1", []Range{{"a", 1, 1, 1}}},
		{"several of one user", "a:1:1\n\nb:5:5\na:100:7\n", []Range{{"a", 1, 1, 1}, {"b", 5, 5, 3}, {"a", 100, 7, 4}}},
		{"from 0", "root:0:1\n", []Range{{"root", 0, 1, 1}}},
		{"the last id", "a:4294967294:1\n", []Range{{"a", 4294967294, 1, 1}}},
		{"all ids", "a:0:4294967295\n", []Range{{"a", 0, 4294967295, 1}}},
		{"names as they occur", "_apt:1:1\njohn.doe:2:1\nDOM\\joe:3:1\nm\u00fcller:4:1\nx$:5:1\n0:6:1\n", []Range{
			{"_apt", 1, 1, 1},
			{"john.doe", 2, 1, 2},
			{`DOM\joe`, 3, 1, 3},
			{"m\u00fcller", 4, 1, 4},
			{"x$", 5, 1, 5},
			{"0", 6, 1, 6},
		}},
	} {
		got, err := Parse(c.text)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
	}
}

// TestBadLines: whatever is not exactly a line is an error, and nothing of the
// file counts.
func TestBadLines(t *testing.T) {
	for _, c := range []struct{ line, cause string }{
		{"tester", "1 fields"},
		{"tester:100000", "2 fields"},
		{"tester:100000:65536:", "4 fields"},
		{"tester:100000:65536:x", "4 fields"},
		{":100000:65536", `"" is no name`},
		{"+tester:100000:65536", "is no name"},
		{"-tester:100000:65536", "is no name"},
		{" tester:100000:65536", "is no name"},
		{"tester :100000:65536", "is no name"},
		{"te\x00ster:100000:65536", "is no name"},
		{"te\x7fster:100000:65536", "is no name"},
		{"007:100000:65536", "is no name"},
		{"4294967296:100000:65536", "is no name"},
		{"tester:abc:xyz", `"abc" is no id`},
		{"tester::65536", `"" is no id`},
		{"tester:0x100:65536", "is no id"},
		{"tester:0100000:65536", "is no id"},
		{"tester:+100000:65536", "is no id"},
		{"tester:-1:65536", "is no id"},
		{"tester:100_000:65536", "is no id"},
		{"tester: 100000:65536", "is no id"},
		{"tester:1e5:65536", "is no id"},
		{"tester:4294967296:1", "is no id"},
		{"tester:100000:", `"" is no count`},
		{"tester:100000:65536 ", "is no count"},
		{"tester:100000:65536\r", "is no count"},
		{"tester:100000:65536 # mine", "is no count"},
		{"tester:100000:00", "is no count"},
		{"tester:100000:99999999999999999999", "is no count"},
		{"tester:100000:0", "no ids"},
		{"tester:4294967295:1", "end behind 4294967294"},
		{"tester:4294967294:2", "end behind"},
		{"tester:1:4294967295", "end behind"},
		{strings.Repeat("x", 1024-4) + ":1:1", "1024 bytes"},
	} {
		got, err := Parse("a:1:1\n" + c.line + "\nb:5:5\n")
		var bad *Error
		if got != nil || !errors.As(err, &bad) || len(bad.Lines) != 1 {
			t.Errorf("%q: %+v, %v", c.line, got, err)
			continue
		}
		if bad.Lines[0].Number != 2 || !strings.Contains(bad.Lines[0].Cause, c.cause) {
			t.Errorf("%q: %+v, want %q", c.line, bad.Lines[0], c.cause)
		}
	}
}

// TestEveryBadLine: all of them are told at once.
func TestEveryBadLine(t *testing.T) {
	_, err := Parse("x\na:1:1\n\na:b:c\n# x\na:1:0")
	want := `line 1: 1 fields, expected 3; line 4: "b" is no id; line 6: a range of no ids`
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

func TestOf(t *testing.T) {
	all, err := Parse("a:1:1\n1001:2:1\nb:3:1\nalias:4:1\na:5:1\n1002:6:1\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		uid   string
		names []string
		want  string
	}{
		{"1001", []string{"a"}, "1 2 5"},
		{"1001", []string{"a", "alias"}, "1 2 4 5"},
		{"1001", nil, "2"},
		{"7", []string{"b"}, "3"},
		{"7", []string{"nobody"}, ""},
		{"", nil, ""},
	} {
		var lines []string
		for _, r := range Of(all, c.uid, c.names) {
			lines = append(lines, fmt.Sprint(r.Line))
		}
		if got := strings.Join(lines, " "); got != c.want {
			t.Errorf("%s %v: lines %q, want %q", c.uid, c.names, got, c.want)
		}
	}
}

func TestOverlap(t *testing.T) {
	for _, c := range []struct {
		text string
		a, b int // lines; 0 for none
	}{
		{"", 0, 0},
		{"a:1:5\n", 0, 0},
		{"a:1:5\na:6:5\n", 0, 0},
		{"a:6:5\na:1:5\n", 0, 0},
		{"a:1:5\na:5:1\n", 1, 2},
		{"a:5:1\na:1:5\n", 1, 2},
		{"a:1:5\na:1:5\n", 1, 2},
		{"a:1:1\na:100:5\na:50:10\na:0:200\n", 1, 4},
		{"a:0:4294967295\na:4294967294:1\n", 1, 2},
	} {
		ranges, err := Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		a, b, found := Overlap(ranges)
		if found != (c.a > 0) || a.Line != c.a || b.Line != c.b {
			t.Errorf("%q: lines %d and %d, %t", c.text, a.Line, b.Line, found)
		}
	}
}

func TestHolds(t *testing.T) {
	r := Range{First: 10, Size: 5}
	for id, want := range map[uint32]bool{0: false, 9: false, 10: true, 14: true, 15: false, maxID + 1: false} {
		if r.Holds(id) != want {
			t.Errorf("%d: %t", id, !want)
		}
	}
	if r.Last() != 14 || (Range{First: 0, Size: maxID + 1}).Last() != maxID {
		t.Error("the last id")
	}
}

// FuzzParse wants an error that names a line of the file, or the file's own lines
// back.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"tester:100000:65536\n", "a:b:c\n#\n\n", "a:01:1\n", "a:1:1\r\n", "+:1:1", ":::", "a:4294967294:2", "a:1:1\n1:2:3\n", "\x00:1:1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ranges, err := Parse(text)
		lines := strings.Split(text, "\n")
		var bad *Error
		if errors.As(err, &bad) {
			if ranges != nil || len(bad.Lines) == 0 {
				t.Fatalf("%d ranges, %d bad lines", len(ranges), len(bad.Lines))
			}
			for _, b := range bad.Lines {
				if b.Number < 1 || b.Number > len(lines) || lines[b.Number-1] == "" || b.Cause == "" {
					t.Fatalf("%+v is no line", b)
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		k := 0
		for i, line := range lines {
			if line == "" || line[0] == '#' {
				continue
			}
			r := ranges[k]
			k++
			if line != fmt.Sprintf("%s:%d:%d", r.Owner, r.First, r.Size) || r.Line != i+1 {
				t.Fatalf("line %d, %q, became %+v", i+1, line, r)
			}
			if r.Size == 0 || r.Last() < r.First || r.Last() > maxID {
				t.Fatalf("%+v holds more than ids", r)
			}
		}
		if k != len(ranges) {
			t.Fatalf("%d ranges of %d lines", len(ranges), k)
		}
	})
}

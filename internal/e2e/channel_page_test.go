package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// channelsPage is the page with both tables.
const channelsPage = "../../docs/channels.md"

// The marks around what one test generates.
func marks(name string) (begin, end string) {
	return "<!-- begin " + name + " -->\n", "<!-- end " + name + " -->\n"
}

// generated is the part of the page between a test's marks.
func generated(t *testing.T, name string) (page, part string) {
	t.Helper()
	text, err := os.ReadFile(channelsPage)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := marks(name)
	_, rest, ok := strings.Cut(string(text), begin)
	part, _, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no marks of %s", channelsPage, name)
	}
	return string(text), part
}

// comparePart compares a part of the page with what was found, and rewrites it
// where that was asked for.
func comparePart(t *testing.T, name, want string) {
	t.Helper()
	page, part := generated(t, name)
	if *update {
		begin, end := marks(name)
		text := strings.Replace(page, begin+part+end, begin+want+end, 1)
		if err := os.WriteFile(channelsPage, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		part = want
	}
	if part != want {
		t.Errorf("%s is not what this kernel shows (go test ./internal/e2e -run '%s' -update):\n%s", channelsPage, t.Name(), want)
	}
}

// grid is a table of cells for the two accounts. A cell holds "USER" or "USER;
// root: ROOT" where they differ.
type grid struct {
	columns []string
	cells   map[string]string // by "ACCOUNT COLUMN ROW"
}

func (g *grid) at(who, column, row string) string { return g.cells[who+" "+column+" "+row] }

func (g *grid) set(who, column, row, text string) { g.cells[who+" "+column+" "+row] = text }

// cell is one for both accounts.
func (g *grid) cell(column, row string) string {
	user, root := g.at("user", column, row), g.at("root", column, row)
	if user == root {
		return user
	}
	return user + "; root: " + root
}

// rows writes a table for the channels of one group.
func (g *grid) rows(b *strings.Builder, group string) {
	fmt.Fprintf(b, "\n### %s\n\n| channel | |", group)
	for _, c := range g.columns {
		b.WriteString(" `" + c + "` |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(g.columns)+2) + "\n")
	for _, c := range channels() {
		if c.group != group {
			continue
		}
		what := c.what
		if c.word {
			what += " (call)"
		}
		fmt.Fprintf(b, "| `%s` | %s |", c.id, what)
		for _, column := range g.columns {
			b.WriteString(" " + g.cell(column, c.id) + " |")
		}
		b.WriteString("\n")
	}
}

// groups are those of the channels, in their order.
func groups() []string {
	var list []string
	for _, c := range channels() {
		if !slices.Contains(list, c.group) {
			list = append(list, c.group)
		}
	}
	return list
}

// read takes the cells of a part of the page.
func (g *grid) read(part string) {
	for line := range strings.Lines(part) {
		fields := strings.Split(strings.TrimSpace(line), " | ")
		if len(fields) != len(g.columns)+2 || !strings.HasPrefix(fields[0], "| `") {
			continue
		}
		id := strings.Trim(fields[0], "| `")
		for i, column := range g.columns {
			user, root, both := strings.Cut(strings.TrimSuffix(fields[i+2], " |"), "; root: ")
			if !both {
				root = user
			}
			g.set("user", column, id, user)
			g.set("root", column, id, root)
		}
	}
}

// complete takes from the page what could not be tried here: the other account,
// and attempts that get nowhere on this machine even without netjail. An update
// keeps the first alone. What the page's machine could not try stays untried on it:
// what was found here has been held against the profile.
func (g *grid) complete(t *testing.T, part string) {
	t.Helper()
	old := &grid{g.columns, map[string]string{}}
	old.read(part)
	for _, who := range []string{"root", "user"} {
		for _, c := range channels() {
			for _, column := range g.columns {
				got, known := g.cells[who+" "+column+" "+c.id]
				before := old.at(who, column, c.id)
				if !known || !*update && before != "" && (got == cellNoControl || before == cellNoControl) {
					if known && before != got {
						t.Logf("as %s, %s: %s here, %s on the page", who, c.id, got, before)
					}
					g.set(who, column, c.id, before)
				}
			}
		}
	}
}

// count says how many channels are open for a column and an account: by no key,
// and by one; and how many could not be tried.
func (g *grid) count(who, column string) (open, told, untried int) {
	for _, c := range channels() {
		switch got := g.at(who, column, c.id); {
		case strings.HasPrefix(got, cellOpen):
			open++
		case got == cellNoControl:
			untried++
		case got != cellClosed && got != cellRefused:
			told++
		}
	}
	return open, told, untried
}

// text is the part of the page with the profiles.
func (g *grid) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nOf %d channels, open although no key says so, open by a key, and not tried for want of a control:\n\n| |", len(channels()))
	for _, c := range g.columns {
		b.WriteString(" `" + c + "` |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(g.columns)+1) + "\n")
	for _, who := range []string{"user", "root"} {
		fmt.Fprintf(&b, "| %s |", map[string]string{"user": "an ordinary user", "root": "root"}[who])
		for _, c := range g.columns {
			open, told, untried := g.count(who, c)
			fmt.Fprintf(&b, " %d, %d, %d |", open, told, untried)
		}
		b.WriteString("\n")
	}
	for _, group := range groups() {
		g.rows(&b, group)
	}
	return b.String()
}

// compareChannels compares what was tried with the page.
func compareChannels(t *testing.T, g *grid) {
	t.Helper()
	if *update && os.Getuid() != 0 {
		t.Fatal("root alone tries both accounts")
	}
	_, part := generated(t, "channels")
	g.complete(t, part)
	comparePart(t, "channels", g.text())
}

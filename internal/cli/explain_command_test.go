package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/audit"
)

// TestEverythingIsExplained asks for every name of the tables: each has a title
// and a sentence.
func TestEverythingIsExplained(t *testing.T) {
	names := explainable()
	if len(names) < 200 {
		t.Fatalf("only %d names", len(names))
	}
	for _, name := range names {
		var out, problems bytes.Buffer
		a := app{stdout: &out, stderr: &problems}
		if s := a.main([]string{"explain", name}); s.code != exitOK || problems.Len() > 0 {
			t.Errorf("%s: %d, %s", name, s.code, problems.String())
			continue
		}
		title, text, _ := strings.Cut(out.String(), "\n")
		if !strings.Contains(title, name) || len(strings.TrimSpace(text)) < 8 {
			t.Errorf("%s is not explained:\n%s", name, out.String())
		}
	}
}

func TestExplainCommand(t *testing.T) {
	wanted := map[string][]string{
		"filesystem.root": {"key filesystem.root\n", "takes", "proved by"},
		"root":            {"key filesystem.root\n"},
		"host":            {"word host, of key namespaces.user\n", "word host, of key sockets.families\n"},
		"caps.bounding":   {"check caps.bounding\n", "evidence", "where it fails"},
		"unknown-key":     {"code unknown-key: no such key\n"},
	}
	for _, c := range audit.Channels() {
		wanted[c.ID] = []string{"channel " + c.ID + "\n", "not examined"}
	}
	for name, want := range wanted {
		var out bytes.Buffer
		a := app{stdout: &out, stderr: &out}
		a.main([]string{"explain", name})
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: no %q in\n%s", name, w, out.String())
			}
		}
	}
	var out bytes.Buffer
	a := app{stdout: &out, stderr: &out}
	if s := a.main([]string{"explain", "caps.boundin"}); s.code != exitFindings || !strings.Contains(out.String(), `did you mean "caps.bounding"?`) {
		t.Errorf("%d, %s", s.code, out.String())
	}
}

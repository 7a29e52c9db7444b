package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/diag"
)

// TestTwelveKinds: all the mistakes of a profile are told in one run, in the order
// of the text and each but once, and the carets stand below them where characters
// are of no cell, one or two. The columns of the carets were counted by hand.
func TestTwelveKinds(t *testing.T) {
	const name = "twelve-kinds.yaml"
	src := read(t, "testdata/err/"+name)
	_, list := compile(name, src)
	text := diag.Text{Source: func(string) []byte { return src }}
	got := mistakes(string(text.Append(nil, list)))
	want := []string{
		"2:7 bad-text, 7 at 7",
		"4:32 yaml-boolean, 3 at 32",
		"5:40 host-root-mapped, 1 at 40",
		"6:35 not-loopback, 12 at 35",
		"7:16 unknown-capability, 12 at 16",
		"8:18 wrong-type, 6 at 18",
		"10:39 bad-name, 4 at 39",
		"10:58 duplicate-key, 1 at 59",
		"11:15 empty-value, 2 at 15",
		"13:60 number-spelling, 2 at 68",
		"14:31 unknown-key, 5 at 35",
		"14:55 unknown-value, 7 at 59",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	kinds := map[diag.Code]bool{}
	for _, d := range list {
		kinds[d.Code] = true
	}
	if len(list) != 12 || len(kinds) != 12 {
		t.Errorf("%d problems of %d kinds, want twelve of twelve", len(list), len(kinds))
	}
}

// mistakes reads of a printed list each error's place and code, and how many
// characters are marked from which column of a terminal on.
func mistakes(printed string) []string {
	var all []string
	open := false
	for line := range strings.Lines(printed) {
		line = strings.TrimSuffix(line, "\n")
		if place, rest, ok := strings.Cut(line, ": error: "); ok {
			_, place, _ = strings.Cut(place, ":")
			code := rest[strings.LastIndexByte(rest, '[')+1 : len(rest)-1]
			all, open = append(all, place+" "+code), true
			continue
		}
		_, marks, ok := strings.Cut(line, "| ")
		if marks = strings.TrimRight(marks, " "); ok && open && strings.Trim(marks, " ^~") == "" {
			bare := strings.TrimLeft(marks, " ")
			all[len(all)-1] += fmt.Sprintf(", %d at %d", len(bare), len(marks)-len(bare)+1)
			open = false
		}
	}
	return all
}

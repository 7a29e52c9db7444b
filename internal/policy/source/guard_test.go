package source_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
)

// A hostile file of the largest size is refused, soon and in little memory.
func TestHostileFiles(t *testing.T) {
	fill := func(unit string) string { return strings.Repeat(unit, policy.MaxBytes/len(unit)) }
	for name, test := range map[string]struct {
		src  string
		want diag.Code
	}{
		"brackets":       {fill("["), diag.TooDeep},
		"nested 5000":    {strings.Repeat("[", 5000) + strings.Repeat("]", 5000), diag.TooDeep},
		"nested braces":  {strings.Repeat("{a: ", 900), diag.YAMLSyntax},
		"nested dashes":  {fill("- "), diag.TooManyNodes},
		"nested 9000":    {strings.Repeat("- ", 9000) + "x", diag.TooDeep},
		"items":          {"[" + fill("a,")[:policy.MaxBytes-2] + "]", diag.TooManyNodes},
		"lists":          {"[" + fill("[],")[:policy.MaxBytes-4] + "]", diag.TooManyNodes},
		"lines":          {fill("-\n"), diag.TooManyNodes},
		"keys":           {fill("a:\n"), diag.TooManyNodes},
		"few nodes over": {"a: [" + strings.Repeat("b, ", policy.MaxNodes) + "b]", diag.TooManyNodes},
		"too large":      {fill("a") + "a", diag.FileTooLarge},
		"3 MB":           {strings.Repeat("name: a\n", 3<<20/8), diag.FileTooLarge},
		"a program":      {"\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 4096), diag.NotText},
		"unclosed quote": {"a: \"" + strings.Repeat("b", policy.MaxBytes-10), diag.YAMLSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			doc, list := source.Parse("hostile.yaml", []byte(test.src))
			elapsed := time.Since(start)
			runtime.ReadMemStats(&after)
			if doc != nil || len(list) == 0 || list[len(list)-1].Code != test.want {
				t.Errorf("%v, want %s", list, test.want)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 || elapsed > 2*time.Second {
				t.Errorf("took %v and %d MiB", elapsed, used)
			}
		})
	}
}

func TestAtTheBounds(t *testing.T) {
	deep := strings.Repeat("[", policy.MaxDepth-1) + strings.Repeat("]", policy.MaxDepth-1)
	for _, src := range []string{
		"a: " + deep, // the mapping is the first level
		"a: [" + strings.Repeat("b, ", policy.MaxNodes-4) + "b]", // and a, the list, the mapping
		"# " + strings.Repeat("[", 900) + "\na: b\n",
	} {
		if doc, list := source.Parse("bounds.yaml", []byte(src)); doc == nil || len(list) > 0 {
			t.Error(list)
		}
	}
}

// Ten thousand mistakes are found soon, and not all of them are written out.
func TestManyMistakes(t *testing.T) {
	var keys, items strings.Builder
	for i := range 4900 {
		fmt.Fprintf(&keys, "netwrok%d: x\n", i)
		items.WriteString("CAP_NOTHING, ")
	}
	for name, src := range map[string]string{
		"keys": keys.String(), "one line": "capabilities: [" + items.String() + "CAP_KILL]\n",
	} {
		start := time.Now()
		_, list := source.Compile("many.yaml", []byte(src))
		text := diag.Text{Source: func(string) []byte { return []byte(src) }}.Append(nil, list)
		if elapsed := time.Since(start); len(list) < 4900 || len(text) > 100_000 || elapsed > 5*time.Second {
			t.Errorf("%s: %d problems, %d bytes, %v", name, len(list), len(text), elapsed)
		}
	}
}

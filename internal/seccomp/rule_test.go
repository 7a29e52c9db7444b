package seccomp

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestRules wants the rules to name exactly the calls that the oracle refuses,
// with exactly its answers.
func TestRules(t *testing.T) {
	args := vectors(true)
	for k, o := range choices() {
		said := map[string]map[Action]bool{}
		for _, r := range Rules(o) {
			if r.Why == "" || r.Call == "" {
				t.Errorf("%+v lacks something", r)
			}
			if said[r.Call] == nil {
				said[r.Call] = map[Action]bool{}
			}
			said[r.Call][r.Action] = true
		}
		for nr, name := range names(AMD64) {
			done := map[Action]bool{}
			for _, v := range args {
				if got := oracle(AMD64, o, data{nr, AMD64.audit(), v}, name); got != Allow {
					done[got] = true
				}
			}
			if fmt.Sprint(done) != fmt.Sprint(said[name]) && len(done)+len(said[name]) > 0 {
				t.Errorf("options %d: %s is answered %v, the rules say %v", k, name, done, said[name])
			}
		}
	}
}

// TestProbesByFilter wants of every probe and control what the program answers.
func TestProbesByFilter(t *testing.T) {
	for _, a := range arches {
		for _, o := range choices() {
			program := Assemble(a, o)
			seen := map[string]bool{}
			for _, p := range Probes(o) {
				if seen[p.Name] {
					t.Errorf("two probes are called %s", p.Name)
				}
				seen[p.Name] = true
				if p.Control != (p.Errno == p.Bare) {
					t.Errorf("%s: %s under the filter, %s without", p.Name, p.Errno, p.Bare)
				}
				if p.Number[a] == absent {
					continue
				}
				want := Refuse(p.Errno)
				if p.Control {
					want = Allow
				}
				d := data{uint32(p.Number[a]), a.audit(), p.Args}
				if got := interpret(t, program, &d, nil); got != want {
					t.Errorf("%s %+v: %s is answered with %s, want %s", a, o, p.Name, got, want)
				}
			}
		}
	}
}

var update = flag.Bool("update", false, "write docs/system-calls.md")

// TestDocument compares the document with the rules.
func TestDocument(t *testing.T) {
	const path = "../../docs/system-calls.md"
	want := document()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the rules say; go test ./internal/seccomp -update writes it", path)
	}
}

// document is the text of docs/system-calls.md.
func document() string {
	var b strings.Builder
	b.WriteString("# System calls\n\n" +
		"Generated from the rules in `internal/seccomp`. They hold unless a profile opens\n" +
		"`sockets.families`, `sockets.unix`, `nestedUserNamespaces` and `process.terminal`, all\n" +
		"four. What no rule names is allowed. [Decision 8](decisions/0008-system-call-filter.md) gives the reasons\n" +
		"at length, and what breaks.\n\n" +
		"## With the default profile\n\n" +
		"`families: [inet, inet6, netlink]`, `unix: deny`, `nestedUserNamespaces: deny`.\n\n")
	normal := Options{Families: []uint8{afInet, afInet6, afNetlink}}
	table(&b, Rules(normal))
	for _, s := range []struct {
		title string
		o     Options
	}{
		{"`sockets.unix` other than `deny`", Options{Families: normal.Families, Unix: true}},
		{"`families: host`", Options{HostFamilies: true}},
		{"`nestedUserNamespaces: allow`", Options{Families: normal.Families, Nested: true}},
	} {
		difference(&b, s.title, Rules(normal), Rules(s.o))
	}
	b.WriteString("\n## Probes\n\n" +
		"The jailed process makes these attempts under its own filter, before the command's first\n" +
		"instruction. The arguments are such that the kernel refuses them too, with another error:\n" +
		"the right error is the filter's, and nothing happens without one. Controls must get\n" +
		"through, or a filter that refuses everything would look right.\n\n" +
		"| probe | attempt | with the filter | without, Linux 6.18 |\n| --- | --- | --- | --- |\n")
	probeTable(&b, Probes(normal))
	b.WriteString("\nWith `sockets.unix` other than `deny` the attempts at unix sockets become controls:\n\n" +
		"| probe | attempt | with the filter | without, Linux 6.18 |\n| --- | --- | --- | --- |\n")
	probeTable(&b, unixControls[:])
	return b.String()
}

func probeTable(b *strings.Builder, probes []Probe) {
	for _, p := range probes {
		fmt.Fprintf(b, "| `%s` | `%s` | %s | %s |\n", p.Name, strings.ReplaceAll(p.Call, "|", `\|`), p.Errno, p.Bare)
	}
}

func table(b *strings.Builder, rules []Rule) {
	b.WriteString("| call | amd64 | arm64 | when | answer | why |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rules {
		when := r.Condition
		if when == "" {
			when = "always"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s |\n", r.Call, number(r.Number[AMD64]), number(r.Number[ARM64]), when, r.Action, r.Why)
	}
}

func number(n int) string {
	if n == absent {
		return "-"
	}
	return strconv.Itoa(n)
}

// difference writes which rules one choice takes away and which it adds.
func difference(b *strings.Builder, title string, normal, other []Rule) {
	fmt.Fprintf(b, "\n## With %s\n\n", title)
	has := func(rules []Rule, r Rule) bool {
		for _, x := range rules {
			if x == r {
				return true
			}
		}
		return false
	}
	list := func(verb string, from, without []Rule) {
		var lines []string
		for _, r := range from {
			if !has(without, r) {
				line := "`" + r.Call + "`"
				if r.Condition != "" {
					line += " (" + r.Condition + ")"
				}
				lines = append(lines, line)
			}
		}
		if len(lines) > 0 {
			fmt.Fprintf(b, "%s: %s.\n", verb, strings.Join(lines, ", "))
		}
	}
	list("No longer refused", normal, other)
	list("Refused instead", other, normal)
}

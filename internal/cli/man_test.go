package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// TestGenerated compares the documents that are made from the tables with what
// is in docs; -update rewrites them.
func TestGenerated(t *testing.T) {
	for path, want := range map[string]string{
		"man/netjail.1":         commandManual(),
		"man/netjail.profile.5": profileManual(),
		"exit-status.md":        exitDocument(),
	} {
		file := filepath.Join("../../docs", path)
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != want {
			t.Errorf("%s is not what the tables say (%v): go test ./internal/cli -update", file, err)
		}
	}
}

func commandManual() string {
	var r roff
	r.title("NETJAIL", "1", "User Commands")
	r.section("NAME")
	r.line(`netjail \- run a command in new namespaces, and prove it`)
	r.section("SYNOPSIS")
	for _, c := range commands() {
		r.line(".PP")
		r.line(strings.TrimSpace(`\fBnetjail ` + c.name + `\fR ` + roffText(c.args)))
	}
	r.section("DESCRIPTION")
	r.paragraph(tagline)
	r.paragraph("Results go to standard output; words go to standard error behind `netjail:`. `run` says nothing where nothing goes wrong.")
	r.section("COMMANDS")
	for _, c := range commands() {
		commandSection(&r, c)
	}
	r.section(`"EXIT STATUS"`)
	r.paragraph("Of `run`:")
	for _, e := range exitsOfRun() {
		r.entry(e.code, e.meaning)
	}
	r.paragraph("Of `test`:")
	for _, e := range exitsOfTest() {
		r.entry(e.code, e.meaning)
	}
	r.paragraph("Of the other commands:")
	for _, e := range exitsOfRest() {
		r.entry(e.code, e.meaning)
	}
	r.section("ENVIRONMENT")
	r.entry("NO_COLOR", "if it is not empty there are no colours")
	r.entry("CLICOLOR_FORCE", "if it is neither empty nor 0 there are colours also off a terminal")
	r.entry("TERM", "`dumb` has no colours")
	r.section(`"SEE ALSO"`)
	r.line(`\fBnetjail.profile\fR(5), \fBnamespaces\fR(7), \fBuser_namespaces\fR(7), \fBcapabilities\fR(7)`)
	return r.b.String()
}

func commandSection(r *roff, c *command) {
	r.subsection("netjail " + strings.TrimSpace(c.name+" "+c.args))
	for _, paragraph := range c.text {
		r.paragraph(paragraph)
	}
	for _, f := range documentedFlags(c) {
		r.entry(f.head, f.text)
	}
	for _, e := range c.examples {
		r.paragraph("Example, " + e.purpose + ":")
		r.example(e.line)
	}
}

// profileManual is made from the key table of package policy.
func profileManual() string {
	var r roff
	r.title("NETJAIL.PROFILE", "5", "File Formats")
	r.section("NAME")
	r.line(`netjail.profile \- profiles of netjail, netjail/v1`)
	r.section("DESCRIPTION")
	r.paragraph("A profile is a YAML file that states what a command may keep. What it does not state has its default: `netjail show PROFILE` prints a profile with every default filled in, and `netjail check FILE` finds everything that is wrong with one.")
	r.paragraph("Intent is a word. Where nothing is wanted the word is `none`; an empty list and a key without a value are errors, and so is a key that does not exist.")
	r.section("KEYS")
	keys := policy.Keys()
	for i := range keys {
		k := &keys[i]
		r.entry(k.Path, k.Meaning)
		facts := "Takes " + k.Type() + "."
		if k.Required {
			facts += " Required."
		} else if k.Default != "" {
			facts += " Default: `" + k.Default + "`."
		}
		r.line(".IP")
		r.text(facts)
	}
	r.section("EXAMPLES")
	r.paragraph("The smallest profile:")
	r.example("apiVersion: netjail/v1")
	r.section(`"SEE ALSO"`)
	r.line(`\fBnetjail\fR(1), \fBnamespaces\fR(7), \fBuser_namespaces\fR(7), \fBcapabilities\fR(7)`)
	return r.b.String()
}

func exitDocument() string {
	var b strings.Builder
	b.WriteString("<!-- Generated from the table in internal/cli/exit.go by \"go test ./internal/cli -update\". Do not edit. -->\n\n# Exit status\n")
	table := func(title, about string, rows []exitMeaning) {
		b.WriteString("\n## " + title + "\n\n" + about + "\n\n| status | meaning |\n|---|---|\n")
		for _, e := range rows {
			b.WriteString("| " + e.code + " | " + e.meaning + " |\n")
		}
	}
	table("`netjail run`", "From 123 on a status may be the command's own as well. Where that matters, ask for a report with `--report FILE`: it is written before the command's first instruction, and where its outcome is `started` the status is the command's.", exitsOfRun())
	table("`netjail test`", "What could not be made weighs more than what failed.", exitsOfTest())
	table("All other commands", "The same for each.", exitsOfRest())
	b.WriteString("\nA usage error of `run` is a 125 and not a 2, which could be the command's own.\n")
	return b.String()
}

// What man(1) itself has to say about the pages.
func TestManualPagesAreClean(t *testing.T) {
	man, err := exec.LookPath("groff")
	if err != nil {
		t.Log("groff is not here: the pages are not rendered")
		return
	}
	for _, page := range []string{commandManual(), profileManual()} {
		c := exec.Command(man, "-man", "-Tutf8", "-ww", "-z")
		c.Stdin = strings.NewReader(page)
		var words bytes.Buffer
		c.Stderr = &words
		if err := c.Run(); err != nil || words.Len() > 0 {
			t.Errorf("groff: %v\n%s", err, &words)
		}
	}
}

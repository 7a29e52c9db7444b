package audit

import "strings"

// StepRow says what becomes of a start when one step of the plan is left out, or
// replaced by one that claims success and does nothing. Both are Markdown.
type StepRow struct {
	Step, Key          string // the op's name in `netjail plan`, and its profile key
	LeftOut, Pretended string
}

// Reference is the page of checks in Markdown: every rule, every channel that no
// rule looks at, and, where steps are given, which rule notices which step.
func Reference(steps []StepRow) []byte {
	var b strings.Builder
	b.WriteString("# Audit checks\n\n")
	b.WriteString("Generated from the rules in `internal/audit`. netjail asks every rule once, before the\n" +
		"command's first instruction. Under `audit.mode: enforce` a check that fails, or that\n" +
		"cannot be told, means that the command does not start and netjail exits with 125.\n")
	writeSteps(&b, steps)
	b.WriteString("\n## The checks\n")
	for _, r := range rules {
		writeRule(&b, r)
	}
	writeChannels(&b)
	return []byte(b.String())
}

func writeSteps(b *strings.Builder, steps []StepRow) {
	if len(steps) == 0 {
		return
	}
	b.WriteString("\n## Which check notices which step\n\n")
	b.WriteString("Each step of a plan that has every kind of step was left out, and replaced by one that\n" +
		"claims success and does nothing, as an ordinary user and as root. The table says which\n" +
		"checks refused the start, or where the set-up ended, or why the command may run.\n\n")
	writeRow(b, "step", "key", "left out", "claims success")
	writeRow(b, "---", "---", "---", "---")
	for _, s := range steps {
		writeRow(b, "`"+s.Step+"`", codeKey(s.Key), s.LeftOut, s.Pretended)
	}
}

func writeRule(b *strings.Builder, r *Rule) {
	b.WriteString("\n### " + r.ID + "\n\n" + r.Proves + "\n\n")
	writeRow(b, "", "")
	writeRow(b, "---", "---")
	writeRow(b, "profile key", codeKey(r.Key))
	writeRow(b, "evidence", r.Evidence)
	writeRow(b, "control", r.Control)
	writeRow(b, "remedy", r.Remedy)
}

func writeChannels(b *strings.Builder) {
	b.WriteString("\n## Not examined\n\n")
	if len(channels) == 0 {
		b.WriteString("Nothing: a check looks at every way out that netjail knows.\n")
		return
	}
	b.WriteString("Ways out that netjail knows and that no check looks at. Each is in every report as\n" +
		"`unknown, not examined`; none of them stops the command.\n\n")
	writeRow(b, "channel", "what", "why it is not told")
	writeRow(b, "---", "---", "---")
	for _, c := range channels {
		writeRow(b, code([]string{c.ID}), c.Title, c.Reason)
	}
}

// writeRow writes one line of a Markdown table.
func writeRow(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}

// codeKey is a profile key as code, or the dash of no key.
func codeKey(key string) string {
	if key == "-" || key == "" {
		return "-"
	}
	return "`" + key + "`"
}

func code(words []string) string {
	quoted := make([]string, 0, len(words))
	for _, w := range words {
		quoted = append(quoted, "`"+w+"`")
	}
	return strings.Join(quoted, ", ")
}

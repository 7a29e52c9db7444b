package docstest

import (
	"strings"
)

// Step is one command of a session and the output that is shown for it.
type Step struct {
	Line    int // 1-based, in the file
	Command string
	Output  []string
}

// Session reads a console block. A command that ends in a backslash goes on with
// the next line, which may begin with "> ".
func Session(b *Block) []Step {
	var steps []Step
	more := false
	for i, line := range strings.Split(strings.TrimSuffix(b.Text, "\n"), "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case more:
			s := &steps[len(steps)-1]
			s.Command += "\n" + strings.TrimPrefix(line, "> ")
			more = strings.HasSuffix(line, `\`)
		case isCommand:
			steps = append(steps, Step{Line: b.Line + 1 + i, Command: command})
			more = strings.HasSuffix(command, `\`)
		case len(steps) > 0:
			s := &steps[len(steps)-1]
			s.Output = append(s.Output, line)
		}
	}
	return steps
}

// Matches says whether output is what want shows.
func Matches(want, output []string) bool {
	if len(want) == 0 {
		return len(output) == 0
	}
	if want[0] == "..." {
		for i := 0; i <= len(output); i++ {
			if Matches(want[1:], output[i:]) {
				return true
			}
		}
		return false
	}
	return len(output) > 0 && matchLine(want[0], output[0]) && Matches(want[1:], output[1:])
}

func matchLine(want, line string) bool {
	parts := strings.Split(want, "...")
	if len(parts) == 1 {
		return want == line
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(line, first) || len(line) < len(first)+len(last) {
		return false
	}
	rest := line[len(first):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, p)
		if i < 0 {
			return false
		}
		rest = rest[i+len(p):]
	}
	return strings.HasSuffix(rest, last)
}

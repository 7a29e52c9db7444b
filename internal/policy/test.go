package policy

// Test is one item of `tests`: what is tried in a jail of the profile, and what
// must come of it. Exactly one of Run, Connect, Resolve and Open is set.
type Test struct {
	Name string
	// At is the line that the test begins in.
	At Origin
	// Run is a command with its arguments.
	Run []string
	// Connect is `host`, `local`, or an endpoint as ParseEndpoint reads it.
	Connect string
	// Resolve is a name.
	Resolve string
	// Open is a path: absolute, below `~`, or of the working directory.
	Open string
	// Write is true where Open is to be written.
	Write  bool
	Expect Expectation
	// SkipAbsent is `absent: skip`.
	SkipAbsent bool
}

// Expectation is what must come of a test.
type Expectation struct {
	Verdict Verdict
	// Exit, Stdout and Stderr are what a command must end with, where Verdict is
	// VerdictOutcome.
	Exit           int
	Stdout, Stderr Output
}

// Verdict is the word of `expect`.
type Verdict uint8

// The words of `expect`.
const (
	VerdictBlocked Verdict = iota // blocked
	VerdictAllowed                // allowed
	VerdictOutcome                // a mapping
)

// String is the word.
func (v Verdict) String() string { return [...]string{"blocked", "allowed", "outcome"}[v] }

// Output is what a command must have written to one of its streams. The zero
// Output asks for nothing.
type Output struct {
	// None wants not a byte.
	None bool
	// Contains is a part of it; empty for none.
	Contains string
	// Matches is a regular expression; empty for none.
	Matches string
}

// readTests reads items whose form has been checked. That each does one thing,
// checkTests sees to.
func readTests(file string, n *Node) []Test {
	tests := make([]Test, 0, len(n.Items))
	for i, item := range n.Items {
		t := Test{Name: item.Field("name").Text, At: Origin{Key: testKey(i), File: file, Line: item.Span.Start.Line}}
		if run := item.Field("run"); run != nil {
			t.Run = readTexts(run)
		}
		t.Connect, t.Resolve = item.text("connect"), item.text("resolve")
		t.Open, t.Write = item.text("open"), item.Field("open").text("mode") == "write"
		if open := item.Field("open"); open != nil && open.Kind == KindMap {
			t.Open = open.text("path")
		}
		t.Expect = readExpectation(item.Field("expect"))
		t.SkipAbsent = item.text("absent") == "skip"
		tests = append(tests, t)
	}
	return tests
}

func readExpectation(n *Node) Expectation {
	switch {
	case n.Kind != KindMap && n.Text == "allowed":
		return Expectation{Verdict: VerdictAllowed}
	case n.Kind != KindMap:
		return Expectation{Verdict: VerdictBlocked}
	}
	e := Expectation{Verdict: VerdictOutcome, Stdout: readOutput(n.Field("stdout")), Stderr: readOutput(n.Field("stderr"))}
	if exit := n.Field("exit"); exit != nil {
		e.Exit = int(decimal(exit))
	}
	return e
}

func readOutput(n *Node) Output {
	if n == nil {
		return Output{}
	}
	return Output{None: n.Kind != KindMap, Contains: n.text("contains"), Matches: n.text("matches")}
}

// text is the text of a key's value; empty where the mapping does not have it.
func (n *Node) text(name string) string {
	if v := n.Field(name); v != nil {
		return v.Text
	}
	return ""
}

package policy

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// testKey is the path of test i.
func testKey(i int) string { return "tests[" + strconv.Itoa(i) + "]" }

// deeds are the keys of which each test has one.
var deeds = [...]string{"run", "connect", "resolve", "open"}

// checkTests: each test does one thing, its expectation is one that the thing
// can have, and no two have the same name.
func checkTests(r *reader) {
	p := r.doc.find("tests")
	if p == nil {
		return
	}
	names := map[string]*Node{}
	for i, item := range p.Value.Items {
		name := item.Field("name")
		if first := names[name.Text]; first != nil {
			r.report(diag.DuplicateValue, testKey(i)+".name", name.Span, "two tests are called "+diag.Quote(name.Text), "give each a name of its own").
				Notes = []diag.Note{r.see(first, "this is the other one")}
		} else {
			names[name.Text] = name
		}
		if r.checkDeed(testKey(i), item) {
			r.checkExpectation(testKey(i), item)
		}
	}
}

// checkDeed says whether a test does exactly one thing.
func (r *reader) checkDeed(path string, item *Node) bool {
	var done []*Node
	for _, name := range deeds {
		if p := item.Pair(name); p != nil {
			done = append(done, p.Key)
		}
	}
	switch len(done) {
	case 1:
		return true
	case 0:
		r.report(diag.TestRule, path, item.Span, "the test does nothing", "write one of "+strings.Join(deeds[:], ", "))
		return false
	}
	r.report(diag.TestRule, path+"."+done[1].Text, done[1].Span, "the test does two things", "write a test for each").
		Notes = []diag.Note{r.see(done[0], "this is the other one")}
	return false
}

// checkExpectation looks at what only a command can be expected to do, and at a
// command without a name.
func (r *reader) checkExpectation(path string, item *Node) {
	expect, run := item.Field("expect"), item.Field("run")
	switch {
	case run == nil && expect.Kind == KindMap:
		r.report(diag.TestRule, path+".expect", expect.Span, "only a command has an exit status and an output", "write `expect: blocked` or `expect: allowed`")
	case run != nil && run.Items[0].Text == "":
		r.report(diag.TestRule, path+".run[0]", run.Items[0].Span, "the command has no name", "write the program's name first")
	}
}

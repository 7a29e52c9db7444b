package main

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// planText writes the plan for people: two lines for each operation, or for
// each run of operations that differ in one argument.
func planText(j *jail, color bool) []byte {
	b := []byte("profile " + oneLine(j.profile.name) + ", " + j.profile.Digest + "\n")
	b = append(b, counted(len(j.plan.Ops), "operation")+" behind the first call\n\n"...)
	b = appendOp(b, opLine{"-", "parent", cloneText(j.plan), "namespaces", "", "the jail's first process, in its new namespaces"}, color)
	ops := j.plan.Ops
	for i := 0; i < len(ops); {
		n := alike(ops[i:])
		b = appendOp(b, lineOf(ops[i:i+n], i), color)
		i += n
	}
	return b
}

// cloneText is the call that makes the first process.
func cloneText(p *plan.Plan) string {
	words := cloneFlags(p)
	if len(words) == 0 {
		return "clone3(no new namespaces)"
	}
	return "clone3(" + strings.Join(words, "|") + ")"
}

func cloneFlags(p *plan.Plan) []string {
	var words []string
	for _, k := range ns.All() {
		if p.Flags&k.CloneFlag() != 0 {
			words = append(words, k.FlagName())
		}
	}
	return words
}

// grouped is from how many operations on a run of them becomes one line.
const grouped = 3

// alike is the number of operations at the start of ops that are printed
// together.
func alike(ops []plan.Op) int {
	n := 1
	for n < len(ops) && similar(&ops[0], &ops[n]) {
		n++
	}
	if n < grouped {
		return 1
	}
	return n
}

// similar says whether two operations do the same to different things: all that
// differs is one argument, and not the first, which says what prctl(2) does.
func similar(a, b *plan.Op) bool {
	if a.Actor != b.Actor || a.Call != b.Call || a.Key != b.Key || a.Why != b.Why || a.Needs != b.Needs || len(a.Args) != len(b.Args) {
		return false
	}
	different := 0
	for i := range a.Args {
		if a.Args[i].Text() != b.Args[i].Text() {
			different++
		}
	}
	return different == 1 && a.Args[0].Text() == b.Args[0].Text()
}

// opLine is what one entry says.
type opLine struct{ index, actor, call, key, needs, why string }

func lineOf(ops []plan.Op, first int) opLine {
	o := &ops[0]
	l := opLine{strconv.Itoa(first), o.Actor.String(), printed(o), o.Key, o.Needs, o.Why}
	if last := len(ops) - 1; last > 0 {
		l.index += "-" + strconv.Itoa(first+last)
		l.call += " … " + printed(&ops[last]) + "  (" + strconv.Itoa(len(ops)) + " calls)"
	}
	return l
}

func appendOp(b []byte, l opLine, color bool) []byte {
	const indexWidth, actorWidth = 7, 6
	index := strings.Repeat(" ", max(indexWidth-len(l.index), 0)) + l.index
	b = append(b, index+"  "+pad(l.actor, actorWidth)+"  "+paint(oneLine(l.call), bold, color)+"\n"...)
	remark := l.why
	if l.needs != "" {
		remark = "needs " + l.needs + "; " + remark
	}
	if l.key != "-" {
		remark = paint(l.key, blue, color) + ": " + remark
	}
	return append(b, strings.Repeat(" ", indexWidth+actorWidth+4)+remark+"\n"...)
}

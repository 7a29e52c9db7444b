package cli

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// planText writes the plan for people: two lines for each operation.
func planText(j *jail, color bool) []byte {
	b := []byte("profile " + oneLine(j.profile.name) + ", " + j.profile.Digest + "\n")
	for i := range j.plan.Degraded {
		b = append(b, "degraded: "+j.plan.Degraded[i].String()+"\n"...)
	}
	ahead := 0
	for ahead < len(j.plan.Ops) && j.plan.Ops[ahead].Actor == plan.Ahead {
		ahead++
	}
	b = append(b, counted(len(j.plan.Ops)-ahead, "operation")+" behind the first call"...)
	if ahead > 0 {
		b = append(b, ", "+strconv.Itoa(ahead)+" ahead of it"...)
	}
	b = append(b, "\n\n"...)
	for i := range j.plan.Ops {
		o := &j.plan.Ops[i]
		if i == ahead {
			b = appendOp(b, opLine{"-", "parent", cloneText(j.plan), "namespaces", "", "the jail's first process, in its new namespaces"}, color)
		}
		b = appendOp(b, opLine{strconv.Itoa(i), o.Actor.String(), printed(o), o.Key, o.Needs, o.Why}, color)
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

// opLine is what one entry says.
type opLine struct{ index, actor, call, key, needs, why string }

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

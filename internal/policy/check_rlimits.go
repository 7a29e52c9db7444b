package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// checkRlimits: each resource is named once, no soft limit is above its hard one,
// and RLIMIT_CORE belongs to one key.
func checkRlimits(r *reader) {
	p := r.doc.find("process.rlimits")
	if p == nil {
		return
	}
	for i, item := range p.Value.Items {
		at := "process.rlimits[" + strconv.Itoa(i) + "]"
		l := readRlimit(item)
		if l.Soft > l.Hard {
			soft := item.Field("soft")
			r.report(diag.RlimitRule, at+".soft", soft.Span, "the soft limit, "+soft.Text+", is above the hard one", "write a soft limit that is at most the hard one").
				Notes = []diag.Note{r.see(item.Field("hard"), "the hard limit is set here")}
		}
		if l.Type == RlimitCore && r.policy.Process.CoreDumps == CoreDumpsDeny {
			r.report(diag.RlimitRule, at, item.Span, "RLIMIT_CORE would have two values: `coreDumps: deny` sets it as well", "write `coreDumps: inherited`, or remove the item").
				Notes = []diag.Note{r.because("process.coreDumps", "what sets the other")}
		}
		r.checkTypeOnce(at+".type", p.Value.Items[:i], item.Field("type"))
	}
}

// checkTypeOnce looks for a type among the items before it.
func (r *reader) checkTypeOnce(path string, before []*Node, n *Node) {
	for _, item := range before {
		if other := item.Field("type"); other.Text == n.Text {
			r.report(diag.DuplicateValue, path, n.Span, n.Text+" is listed twice", "keep one of the two").
				Notes = []diag.Note{r.see(other, "it stands here as well")}
			return
		}
	}
}

package runner

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// count has a full audit look who is in the command's namespaces. It comes last: who
// enters before anything else is read is found.
func (r *run) count() {
	if !r.options.Full {
		return
	}
	r.evidence.Census = evidence.ReadCensus(r.sought(), r.evidence.Command(), []int{r.command, r.pid})
}

// sought are the namespaces that were made for the command, and those that it has
// joined. It enters that for time with its execve(2), and nobody is in it before.
func (r *run) sought() evidence.Marks {
	m := r.marks()
	for _, k := range ns.All() {
		if id := r.evidence.Outside.Namespaces[k]; r.plan.Joined[k] != 0 && id.Known {
			m[k] = id.Value
		}
	}
	if r.evidence.AfterExec == nil {
		m[ns.Time] = 0
	}
	return m
}

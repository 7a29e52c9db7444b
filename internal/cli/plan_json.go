package cli

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/plan"
)

// planJSON writes the plan for programs, every operation by itself:
//
//	{"version":1,
//	 "profile":{"name":…,"source":…,"digest":…},
//	 "degraded":[{"key":…,"from":…,"to":…,"why":…},…],
//	 "clone":["CLONE_NEWUSER",…],
//	 "operations":[{"index":0,"name":…,"actor":…,"call":…,"text":…,"each":[…],"key":…,"needs":…,"why":…,"fact":…},…]}
//
// each is what an operation that is carried out several times is carried out
// for. each, key, needs and fact are left out where there is none.
func planJSON(j *jail) []byte {
	b := []byte("{\"version\":1,\n\"profile\":{")
	b = appendMember(b, "name", j.profile.name)
	b = appendMember(b, "source", j.profile.source)
	b = appendMember(b, "digest", j.profile.Digest)
	b = append(b, "},\n\"degraded\":["...)
	for i, d := range j.plan.Degraded {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMember(append(b, '{'), "key", d.Key)
		b = appendMember(b, "from", d.From)
		b = appendMember(b, "to", d.To)
		b = append(appendMember(b, "why", d.Why), '}')
	}
	b = append(b, "],\n\"clone\":["...)
	for i, word := range cloneFlags(j.plan) {
		if i > 0 {
			b = append(b, ',')
		}
		b = diag.AppendQuote(b, word)
	}
	b = append(b, "],\n\"operations\":["...)
	for i := range j.plan.Ops {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendOpJSON(append(b, "\n  "...), i, &j.plan.Ops[i])
	}
	return append(b, "\n]}\n"...)
}

func appendOpJSON(b []byte, index int, o *plan.Op) []byte {
	b = append(b, `{"index":`+strconv.Itoa(index)...)
	b = appendMember(b, "name", o.Name)
	b = appendMember(b, "actor", o.Actor.String())
	b = appendMember(b, "call", o.Call)
	b = appendMember(b, "text", printed(o))
	if len(o.Each) > 0 {
		b = append(b, `,"each":[`...)
		for i := range o.Each {
			if i > 0 {
				b = append(b, ',')
			}
			b = diag.AppendQuote(b, o.Each[i].Text())
		}
		b = append(b, ']')
	}
	if o.Key != "-" {
		b = appendMember(b, "key", o.Key)
	}
	if o.Needs != "" {
		b = appendMember(b, "needs", o.Needs)
	}
	b = appendMember(b, "why", o.Why)
	if o.Fact != "" {
		b = appendMember(b, "fact", string(o.Fact))
	}
	return append(b, '}')
}

package policy

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/diag"
)

// checkCapabilities: the sets are those that execve(2) leaves. netjail locks
// SECBIT_NOROOT, so for a program without file capabilities capabilities(7)
// says P'(permitted) = P'(effective) = P'(ambient) = P(ambient); ambient never
// exceeds inheritable, and what is not in bounding cannot be added to
// inheritable.
func checkCapabilities(r *reader) {
	p := r.doc.find("capabilities")
	if p == nil || p.Value.Kind != KindMap {
		return
	}
	s := r.policy.Capabilities.Sets
	r.equalsAmbient("permitted", s.Permitted, s.Ambient)
	r.equalsAmbient("effective", s.Effective, s.Ambient)
	r.subset("ambient", s.Ambient, "inheritable", s.Inheritable,
		"a capability is ambient only while it is inheritable as well")
	r.subset("inheritable", s.Inheritable, "bounding", s.Bounding,
		"what is not in bounding cannot be added to inheritable")
}

// equalsAmbient reports a set that execve(2) will make equal to ambient, and
// that is declared otherwise.
func (r *reader) equalsAmbient(name string, set, ambient caps.Set) {
	if extra := set.Without(ambient); !extra.IsEmpty() {
		r.capability(name, name+" cannot hold "+extra.String()+": execve(2) leaves there what ambient holds, which is "+ambient.String(),
			"add it to ambient and inheritable, or remove it here")
	}
	if missing := ambient.Without(set); !missing.IsEmpty() {
		r.capability(name, name+" will hold "+missing.String()+" as well: execve(2) leaves there what ambient holds",
			"add it here, or remove it from ambient")
	}
}

func (r *reader) subset(name string, set caps.Set, of string, bound caps.Set, why string) {
	if extra := set.Without(bound); !extra.IsEmpty() {
		r.capability(name, name+" cannot hold "+extra.String()+", which "+of+" lacks: "+why,
			"add it to "+of+", or remove it here")
	}
}

func (r *reader) capability(name, message, help string) {
	path := "capabilities." + name
	p := r.doc.find(path)
	if p == nil { // left out, so it is none
		p = r.doc.find("capabilities")
	}
	r.report(diag.CapabilityRule, path, p.Key.Span, message, help)
}

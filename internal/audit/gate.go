package audit

import "github.com/netjail/netjail/internal/policy"

// Refuses says whether the command must not start: the profile enforces, and
// some finding stands against it, or a rule was never asked.
func Refuses(p *policy.Policy, findings []Finding) bool {
	if p.Audit.Mode == policy.AuditReport {
		return false
	}
	if !complete(findings) {
		return true
	}
	for i := range findings {
		if findings[i].Refuses() {
			return true
		}
	}
	return false
}

// Refusing lists the findings that stand against the start, whatever the mode.
func Refusing(findings []Finding) []Finding {
	var list []Finding
	for _, f := range findings {
		if f.Refuses() {
			list = append(list, f)
		}
	}
	return list
}

// Refuses says whether the finding stands against the start. A failure always
// does; what could not be told does where this run was to tell it; what is open
// does unless no profile could close it.
func (f Finding) Refuses() bool {
	switch f.Verdict {
	case Pass, Declared, NotApplicable, Closed:
		return false
	case Unknown:
		return f.Scope == Examined
	case Open:
		return f.Scope != Unclosable
	}
	return true
}

// complete says whether findings begin with one for each rule, in order.
func complete(findings []Finding) bool {
	if len(findings) < len(rules) {
		return false
	}
	for i, r := range rules {
		if findings[i].Check != r.ID {
			return false
		}
	}
	return true
}

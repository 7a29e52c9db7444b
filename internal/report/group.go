package report

import "github.com/netjail/netjail/internal/audit"

// group is a part of the text report, in the order in which they are written.
type group uint8

const (
	groupFail group = iota
	groupOpen
	groupUnknown
	groupUnclosable
	groupDeclared
	groupPass
	groupClosed
	groupNotApplicable
	groupNotAttempted
	groupNotObservable
	groupNotExamined
	groups
)

// heading names a group, and says what it means where that is not plain.
type heading struct{ word, rest, color string }

var headings = [groups]heading{
	groupFail:          {"fail", "what is true is not what was declared", "31"},
	groupOpen:          {"open", "nothing closes the channel", "31"},
	groupClosed:        {"closed", "", "32"},
	groupNotObservable: {"not observable", "it cannot be known from outside", "2"},
	groupUnclosable:    {"open on this host", "no profile closes it, so that it does not refuse the start", "33"},
	groupUnknown:       {"unknown", "it could not be told, which is not a pass", "33"},
	groupDeclared:      {"declared", "open on purpose", "36"},
	groupPass:          {"pass", "", "32"},
	groupNotApplicable: {"not applicable", "the profile shares what the check is about", "2"},
	groupNotAttempted:  {"not attempted", "a full audit does", "2"},
	groupNotExamined:   {"not examined", "no check of this version looks at these channels", "2"},
}

// groupOf says where a finding belongs. A verdict that is none of the known ones
// counts as a failure, as at the gate.
func groupOf(f *audit.Finding) group {
	switch f.Verdict {
	case audit.Pass:
		return groupPass
	case audit.Declared:
		return groupDeclared
	case audit.NotApplicable:
		return groupNotApplicable
	case audit.Open:
		if f.Scope == audit.Unclosable {
			return groupUnclosable
		}
		return groupOpen
	case audit.Closed:
		return groupClosed
	case audit.Unknown:
		return groupOfUnknown(f.Scope)
	}
	return groupFail
}

func groupOfUnknown(s audit.Scope) group {
	switch s {
	case audit.NotAttempted:
		return groupNotAttempted
	case audit.NotExamined:
		return groupNotExamined
	case audit.NotObservable:
		return groupNotObservable
	}
	return groupUnknown
}

// ofGroup are the findings of one group, in report order.
func (r *Report) ofGroup(g group) []audit.Finding { return ofGroup(r.Findings, g) }

func ofGroup(all []audit.Finding, g group) []audit.Finding {
	var list []audit.Finding
	for i := range all {
		if groupOf(&all[i]) == g {
			list = append(list, all[i])
		}
	}
	return list
}

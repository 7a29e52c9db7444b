package audit

// waive answers for a profile that waives the check. A waiver covers a failure, or
// what no profile can close: it says that a channel is known to be open. What could
// not be told stays unknown, and two readings that contradict each other stay a
// failure, because neither says what is open.
func (c *Case) waive(f Finding) Finding {
	reason, ok := c.Policy.Audit.Waiver(f.Check)
	switch {
	case !ok:
		return f
	case f.Verdict == Fail && f.Note != disagree:
		f.Verdict, f.Waiver = Declared, reason
		return f
	case f.Verdict == Open && f.Scope == Unclosable:
		f.Verdict, f.Scope, f.Waiver = Declared, Examined, reason
		return f
	}
	f.Note = appended(f.Note, unused(f.Verdict))
	return f
}

// unused says why a waiver covers nothing.
func unused(v Verdict) string {
	switch v {
	case Unknown:
		return "audit.waivers names it, and waives failures alone"
	case Fail:
		return "audit.waivers names it, and waives no contradiction"
	}
	return "audit.waivers names it for nothing: the check did not fail"
}

// appended is a note with another one behind it.
func appended(note, more string) string {
	if note == "" {
		return more
	}
	return note + "; " + more
}

// UnusedWaivers are the checks that a profile waives and that did not need it.
func UnusedWaivers(findings []Finding, waived []string) []string {
	var list []string
	for _, check := range waived {
		used := false
		for i := range findings {
			used = used || findings[i].Check == check && findings[i].Waiver != ""
		}
		if !used {
			list = append(list, check)
		}
	}
	return list
}

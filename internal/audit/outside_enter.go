package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// lookEntered says whether somebody is in the process's own namespaces who was not
// started there: a visitor, the program that made them, or whoever shares one of them.
func lookEntered(v *view) Finding {
	f, same, ok := v.shares(ns.PID)
	if !ok {
		return f
	}
	s := v.target.Company
	f.Source = "/proc/PID/ns of every process and thread, and their parents"
	switch {
	case s == nil:
		return f.unknown("nobody has looked who is in its namespaces")
	case same:
		f.Found = processCount(len(s.Residents)) + " in its namespaces"
		return f.unobservable("cannot be known from outside: without a pid namespace of its own nobody tells who was started in them")
	}
	var strangers []*evidence.Resident
	for i := range s.Residents {
		if !s.Residents[i].Inside {
			strangers = append(strangers, &s.Residents[i])
		}
	}
	if why := v.unmet(s); why != "" {
		return f.unknown(why)
	}
	switch {
	case len(strangers) > 0:
		f.Found = several(residentWords(strangers))
		return f.open("they were not started in it: what they have open, it may take")
	case s.Closed > 0 && v.target.Own.UIDs.Value.Effective != 0:
		return f.unobservable("netjail may not ask " + number(s.Closed) + " processes of other users for their namespaces; run netjail as root to ask all")
	}
	f.Found = processCount(len(s.Residents)) + " in its namespaces, all of them started there"
	if s.Closed > 0 {
		return f.closed("not asked, as even root may not trace them: " + number(s.Closed))
	}
	return f.closed("")
}

// unmet says why the count says nothing: it has not found the process itself, or
// pid 1 of its pid namespace.
func (v *view) unmet(s *evidence.Census) string {
	switch {
	case s.Missing != "":
		return s.Missing
	case !slices.ContainsFunc(s.Residents, func(r evidence.Resident) bool { return r.PID == v.target.PID }):
		return "the count has missed the process itself"
	case slices.ContainsFunc(s.Residents, func(r evidence.Resident) bool { return r.Inner == 1 }):
		return ""
	case s.Closed > 0:
		return "pid 1 of its pid namespace was not found: it may be one of " + number(s.Closed) + " processes that netjail may not ask (EACCES)"
	default:
		return "the count has not found pid 1 of its pid namespace"
	}
}

func processCount(n int) string {
	if n == 1 {
		return "1 process"
	}
	return number(n) + " processes"
}

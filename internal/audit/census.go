package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// population is who was found in the command's namespaces beside itself and netjail's
// pid 1.
type population struct {
	// entered are in a namespace that was made for the command, inhabitants in one that
	// it has joined alone.
	entered, inhabitants []*evidence.Resident
	// unplaced are those that only the jail's own /proc shows.
	unplaced []evidence.Relative
}

// hasKin says whether the command is in a namespace that was made for it, or that it
// has joined.
func (c *Case) hasKin() bool {
	for _, k := range ns.All() {
		if c.Policy.New(k) || c.joins(k) {
			return true
		}
	}
	return false
}

// counted begins a finding about the count. It is false where f already is the
// answer.
func (c *Case) counted(f *Finding) (*evidence.Census, bool) {
	s := c.Evidence.Census
	switch {
	case !c.hasKin():
		*f = Finding{Verdict: NotApplicable, Note: "every namespace is the host's"}
	case s == nil && !c.Evidence.Full:
		*f = f.fullOnly()
	case s == nil:
		*f = f.unknown("nobody has looked who is in the command's namespaces")
	default:
		f.Side, f.Source = SideOutside, "/proc/PID/ns of every process and thread"
		if c.Policy.New(ns.PID) {
			f.Source = joinSources(f.Source, s.Within.Source)
		}
		return s, true
	}
	return nil, false
}

// populationOf sorts who was found.
func (c *Case) populationOf(s *evidence.Census) (p population) {
	for i := range s.Residents {
		r := &s.Residents[i]
		switch {
		case slices.Contains(c.belonging(), r.PID):
		case c.hasEntered(r):
			p.entered = append(p.entered, r)
		default:
			p.inhabitants = append(p.inhabitants, r)
		}
	}
	if c.Policy.New(ns.PID) && c.uncountedWithin(s) == "" {
		p.unplaced = slices.DeleteFunc(slices.Clone(s.Within.Value), func(one evidence.Relative) bool {
			return slices.ContainsFunc(s.Residents, func(r evidence.Resident) bool { return r.Inner == one.PID })
		})
	}
	return p
}

// hasEntered says whether a resident is where nobody was before the command.
func (c *Case) hasEntered(r *evidence.Resident) bool {
	for k, in := range r.In {
		if in && c.Policy.New(ns.Kind(k)) {
			return true
		}
	}
	return r.Below && c.Policy.New(ns.User)
}

// uncounted says why the count may have missed somebody: it did not find those who
// are there, or may not tell where somebody is.
func (c *Case) uncounted(s *evidence.Census) string {
	if s.Missing != "" {
		return s.Missing
	}
	for _, k := range ns.All() {
		if !c.Policy.New(k) && !c.joins(k) || k == ns.Time && c.Evidence.AfterExec == nil {
			continue
		}
		id := c.Evidence.Outside.Namespaces[k]
		if after := c.Evidence.AfterExec; after != nil {
			id = after.Namespaces[k]
		}
		switch {
		case missing(id) != "":
			return missing(id)
		case s.Sought[k] == 0 || s.Sought[k] != id.Value:
			return "the command's " + k.String() + " namespace was not looked for"
		}
	}
	if why := unfound(s, c.Evidence.Command().PID, "the command"); why != "" {
		return why
	}
	if why := c.reaperUncounted(s); why != "" {
		return why
	}
	return c.uncountedWithin(s)
}

// unfound is the control: somebody who is in all of the namespaces was found there.
func unfound(s *evidence.Census, pid int, who string) string {
	i := slices.IndexFunc(s.Residents, func(r evidence.Resident) bool { return r.PID == pid })
	if i < 0 {
		return "the count has missed " + who + ", which is there"
	}
	for k, in := range s.Residents[i].In {
		if s.Sought[k] != 0 && !in {
			return "the count has not found " + who + " in its " + ns.Kind(k).String() + " namespace"
		}
	}
	return ""
}

func (c *Case) reaperUncounted(s *evidence.Census) string {
	switch {
	case !c.Policy.New(ns.PID) && !c.Expect.Leads:
		return ""
	case c.Evidence.Reaper == nil:
		return "nobody looked at the reaper"
	}
	return unfound(s, c.Evidence.Reaper.PID, "netjail's own pid 1")
}

// uncountedWithin wants the /proc that the command sees to show it and pid 1 under
// the numbers that they have in the jail: any other /proc would show somebody else
// there, or nobody.
func (c *Case) uncountedWithin(s *evidence.Census) string {
	if !c.Policy.New(ns.PID) {
		return ""
	}
	if why := missing(s.Within); why != "" {
		return why
	}
	for _, pid := range c.belonging() {
		i := slices.IndexFunc(s.Residents, func(r evidence.Resident) bool { return r.PID == pid })
		if i < 0 {
			return "the count has missed process " + number(pid)
		}
		r := &s.Residents[i]
		if !slices.ContainsFunc(s.Within.Value, func(o evidence.Relative) bool { return o.PID == r.Inner && o.Start == r.Start }) {
			return s.Within.Source + " does not show process " + number(pid) + " as number " + number(r.Inner) + ": it is not the jail's own"
		}
	}
	return ""
}

// belonging are the command and the reaper.
func (c *Case) belonging() []int {
	pids := []int{c.Evidence.Command().PID}
	if c.Evidence.Reaper != nil {
		pids = append(pids, c.Evidence.Reaper.PID)
	}
	return pids
}

// residentText is `process 4711 "sleep" in user, network`.
func residentText(r *evidence.Resident) string {
	text := "process " + number(r.PID) + " \"" + r.Name + "\""
	if len(r.Threads) > 0 {
		text = "thread " + numbers(r.Threads) + " of " + text
	}
	var in []string
	for k, is := range r.In {
		if is {
			in = append(in, ns.Kind(k).String())
		}
	}
	switch {
	case len(in) > 0:
		return text + " in " + list(in)
	case r.Below:
		return text + " below user"
	}
	return text
}

func residentWords(all []*evidence.Resident) []string {
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = residentText(r)
	}
	return texts
}

// relativeText is `process 4711 "sleep"`.
func relativeText(r *evidence.Relative) string {
	return "process " + number(r.PID) + " \"" + r.Name + "\""
}

// residentsText is who was found of those who belong there.
func (c *Case) residentsText(s *evidence.Census) string {
	text := "the command"
	if c.Evidence.Reaper != nil {
		text += " and netjail's pid 1"
	}
	return text + " among " + number(s.Seen) + " processes"
}

// hidden says whether netjail's own /proc keeps processes from it.
func (c *Case) hidden(s *evidence.Census) bool {
	if s.Hidden {
		return true
	}
	proc := topmost(c.Evidence.Before.Mounts.Value, "/proc")
	value, ok := proc.Option("hidepid")
	return ok && value != "0" && value != "off" && !c.Evidence.Before.Caps.Value.Effective.Has(caps.SysPtrace)
}

func (c *Case) hiddenNote() string {
	text := "/proc is mounted with hidepid, and does not show netjail everybody's processes"
	if !c.rootCaller() {
		text += ": run netjail as root to look at all"
	}
	return text
}

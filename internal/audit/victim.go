package audit

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// What the rules about the victim have in common: a process of netjail's own,
// outside the jail and with the command's ids, made for a full audit.
const (
	victimEvidence = "the calls themselves, made by the jailed process with the command's ids and capabilities before the filter is loaded, on a process that netjail made for this try; what reached that, it tells itself and /proc/PID/status tells"
	victimControl  = "netjail's own calls of the same kind work on that process, which still answers when the command is about to start; what the jailed process can do to itself works as well"
)

// opening is by what a profile leaves attempts open on purpose.
type opening struct {
	// why is the note of a finding that is declared; empty where no key opens it.
	why string
	// probe is that of the filter's probes which tells whether the filter shuts it;
	// empty for none.
	probe string
}

// byUser is what leaves open what takes the right to trace a process, which a user
// namespace of the command's own does not give over those outside: cap_ptrace_access_check
// of security/commoncap.c.
func (c *Case) byUser(probe string) opening {
	if c.hostUser() {
		return opening{"namespaces.user is host: what the caller may do to a process of its own, the command may", probe}
	}
	return opening{}
}

// byPID is what leaves open what takes the same user and a number.
func (c *Case) byPID(probe string) opening {
	if c.joins(ns.PID) {
		return opening{"namespaces.pid is joined, and what becomes the command is made in there last: tried before, where the processes of the same user are in reach", probe}
	}
	if !c.Policy.New(ns.PID) {
		return opening{"namespaces.pid is " + c.modeOf(ns.PID) + ": the processes of the same user are in reach", probe}
	}
	return opening{}
}

// judgeVictim judges attempts on the victim, all of which must fail where no key
// opens them.
func (c *Case) judgeVictim(open opening, tries ...plan.Try) Finding {
	f := Finding{Expected: "refused"}
	if !c.Evidence.Full {
		f.Scope = NotAttempted
		return f.unknown("not attempted in this run")
	}
	v := c.Evidence.Victim
	if v == nil {
		return f.unknown("netjail made no process to try it on")
	}
	f.Source = v.State.Source
	if why := missing(v.State); why != "" {
		return f.unknown(why + "; what does not answer shows nothing")
	}
	var s survey
	for _, try := range tries {
		s.add(c, try, v)
	}
	f.Side, f.Source = SideBoth, strings.Join(append([]string{f.Source}, s.sources...), "; ")
	return s.conclude(c, f, open, v.Excuse)
}

// survey is what came of several attempts.
type survey struct {
	reached []string // those that worked
	unclear string   // why one shows nothing; the first
	dead    string   // whose control failed, and how; the first
	absent  string   // which call nobody has here; the first
	refused outcomes
	sources []string
}

// add looks at one attempt.
func (s *survey) add(c *Case, try plan.Try, v *evidence.Victim) {
	a := c.Evidence.Inside.OnHost[try]
	s.sources = append(s.sources, a.Source)
	control, controlled := v.Controls[try]
	switch {
	case v.State.Value.Reached(try), a.Known && a.Value.Succeeded:
		s.reached = append(s.reached, string(try))
	case missing(a) != "":
		s.doubt(&s.unclear, string(try)+": "+missing(a))
	case control == "ENOSYS":
		s.doubt(&s.absent, string(try))
	case !a.Value.Control:
		s.doubt(&s.dead, string(try)+" on itself failed")
	case controlFromOutside(try) && !controlled:
		s.doubt(&s.unclear, string(try)+": netjail did not try it itself")
	case control != "" && !forbidden(control):
		s.doubt(&s.unclear, "netjail's own "+string(try)+" failed: "+control+", so that the probe is dead")
	case control != "":
		s.doubt(&s.dead, "netjail's own "+string(try)+" failed: "+control)
	case !c.refuses(try, a.Value.Errno):
		s.doubt(&s.unclear, string(try)+": "+a.Value.Errno+" is not a refusal")
	default:
		s.refused.add(string(try), "refused, "+a.Value.Errno)
	}
}

// forbidden says whether an errno is one by which Yama or a filter, which the
// command is under as well, refuses netjail itself. What else went wrong with a
// control they do not explain.
func forbidden(errno string) bool {
	return errno == "EPERM" || errno == "EACCES"
}

// doubt keeps the first of several reasons.
func (s *survey) doubt(to *string, why string) {
	if *to == "" {
		*to = why
	}
}

// conclude is the finding: what worked counts before what shows nothing.
func (s *survey) conclude(c *Case, f Finding, open opening, excuse string) Finding {
	f.Found = s.refused.text()
	switch {
	case len(s.reached) > 0:
		f.Found = "reached: " + list(s.reached)
		return c.judgeReached(f, open)
	case s.unclear != "":
		return f.unknown(s.unclear)
	case s.absent != "":
		return f.as(NotApplicable, s.absent+": netjail itself gets ENOSYS, so that this kernel, or a filter that the command is under as well, does not have the call")
	case s.dead != "" && excuse != "":
		return f.as(NotApplicable, s.dead+", as "+excuse+": on this host the try shows nothing")
	case s.dead != "":
		return f.unknown(s.dead + ", so that the probe is dead")
	}
	return f.pass()
}

// judgeReached judges an attempt that worked before there was a filter.
func (c *Case) judgeReached(f Finding, open opening) Finding {
	switch {
	case open.why == "":
		return f.fail("a process of the host is in reach, and no key of the profile shares it")
	case open.probe == "" || !c.Policy.Filtered():
		return f.declared(open.why)
	}
	f.Found += ", before the filter was loaded"
	probes := c.Evidence.Inside.Probes
	if why := missing(probes); why != "" {
		return f.unknown(why)
	}
	answer, tried := answerTo(probes.Value, open.probe)
	switch {
	case !tried:
		return f.unknown("whether the filter refuses " + open.probe + " was not tried")
	case answer == "":
		return f.declared(open.why)
	}
	f.Found += "; the filter refuses " + open.probe + ", " + answer
	return f.pass()
}

// controlFromOutside says whether netjail itself can make an attempt of this kind,
// whoever runs it. What enters a namespace takes a capability.
func controlFromOutside(try plan.Try) bool {
	switch try {
	case plan.TrySetns, plan.TryHandle, plan.TrySocket:
		return false
	}
	return true
}

// refuses says whether errnos are those by which the kernel refuses an attempt. Any
// other says that the attempt itself went wrong. In a pid namespace of the
// command's own the victim has no number (ESRCH, and ENOENT in /proc), and a pidfd
// of it is none (EINVAL: access_pidfd_pidns of kernel/signal.c).
func (c *Case) refuses(try plan.Try, errnos string) bool {
	says := []string{"EPERM", "EACCES"}
	switch try {
	case plan.TryMem, plan.TryLinks, plan.TryEnviron, plan.TryNet:
		says = append(says, "ENOENT") // also with hidepid (proc(5))
	case plan.TryHandle:
		says = append(says, "ESTALE") // open_by_handle_at(2)
	}
	if c.Policy.New(ns.PID) {
		switch try {
		case plan.TryHandedSignal:
			says = append(says, "EINVAL")
		case plan.TrySetns, plan.TryHandle, plan.TrySocket, plan.TryHandedGetfd:
		default:
			says = append(says, "ESRCH")
		}
	}
	for errno := range strings.SplitSeq(errnos, ", ") {
		if !slices.Contains(says, errno) {
			return false
		}
	}
	return true
}

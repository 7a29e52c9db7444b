package audit

import "time"

var procTimeout = Rule{
	ID:       "proc.timeout",
	Proves:   "A timer of the kernel's runs at whose end netjail ends the command, where the profile gives it a time.",
	Evidence: "timer_gettime(2) by netjail, of the timer that it has just made",
	Control:  "none needed: a timer that does not run has nothing left",
	Remedy:   "none for a profile: please report it",
	Key:      "process.timeout",
	Judge:    judgeTimeout,
}

func judgeTimeout(c *Case) Finding {
	limit := c.Policy.Process.Timeout
	if limit == 0 {
		return Finding{Verdict: NotApplicable, Note: "process.timeout is none"}
	}
	got := c.Evidence.TimeLeft
	f := Finding{Side: SideOutside, Source: got.Source, Expected: limit.String()}
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = got.Value.String() + " left"
	// Between making it and asking passes less than this, however busy the host is.
	const late = 5 * time.Second
	if whole := time.Duration(limit) * time.Second; got.Value > whole || got.Value <= max(0, whole-late) {
		return f.fail("the timer has another length, or does not run")
	}
	return f.pass()
}

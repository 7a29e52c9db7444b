package audit

import (
	"cmp"
	"strconv"
)

var procSignals = Rule{
	ID:       "proc.signals",
	Proves:   "The command ignores and blocks the signals that netjail was started with so, and no others: an ignored signal passes through execve(2) into every child, and a blocked SIGTERM is one that does not end it.",
	Evidence: "SigIgn, SigBlk and SigCgt of /proc/PID/status at the command's first instruction, against what netjail's entry point and rt_sigprocmask(2) told when netjail began; in a full audit",
	Control:  "none needed: the same masks are read twice",
	Remedy:   "none for a profile: please report it",
	Key:      "-",
	Judge:    judgeSignals,
}

func judgeSignals(c *Case) Finding {
	x := c.Expect
	f := Finding{Expected: signalText(x.Ignored, x.Blocked, 0), Basis: BasisAfterExec}
	if c.Evidence.AfterExec == nil {
		f.Scope, f.Basis = NotAttempted, ""
		return f.unknown("only behind execve(2) are they the command's, and a full audit reads them there")
	}
	p := c.Evidence.AfterExec
	f.Side, f.Source = SideOutside, p.Ignored.Source
	if why := cmp.Or(missing(p.Ignored), missing(p.Blocked), missing(p.Caught)); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = signalText(p.Ignored.Value, p.Blocked.Value, p.Caught.Value)
	switch {
	case p.Caught.Value != 0:
		return f.fail("execve(2) leaves no handler, and here is one")
	case p.Blocked.Value != x.Blocked:
		return f.fail("other signals are blocked than netjail was started with")
	case !x.IgnoredKnown:
		f.Scope = NotObservable
		return f.unknown("netjail was linked without its entry point, and so does not know which signals it was to ignore")
	case (p.Ignored.Value^x.Ignored)<<1 != 0: // 64 is not told
		return f.fail("other signals are ignored than netjail was started with")
	}
	return f.pass()
}

// signalText is "ignored none, blocked 17", and names handlers where there are any.
func signalText(ignored, blocked, caught uint64) string {
	text := "ignored " + signalList(ignored) + ", blocked " + signalList(blocked)
	if caught != 0 {
		text += ", caught " + signalList(caught)
	}
	return text
}

// signalList are the numbers of the signals in a mask, bit n-1 for signal n.
func signalList(mask uint64) string {
	var words []string
	for n := 1; n <= 64; n++ {
		if mask>>(n-1)&1 == 1 {
			words = append(words, strconv.Itoa(n))
		}
	}
	return list(words)
}

package audit

var capsSecurebits = Rule{
	ID:       "caps.securebits",
	Proves:   "Uid 0 brings no capability, no id change keeps one, none can be raised into the ambient set, and none of this can be undone.",
	Evidence: "prctl(2) PR_GET_SECUREBITS by the jailed process; execve(2) leaves all of these bits",
	Control:  "none needed: the bits are 0 in a new user namespace, so the value read was set",
	Remedy:   "start netjail with CAP_SETPCAP or in a new user namespace, where it has it",
	Key:      "capabilities",
	Judge:    judgeSecurebits,
}

func judgeSecurebits(c *Case) Finding {
	got := c.Evidence.Inside.Securebits
	f := Finding{Side: SideInside, Basis: BasisByRule, Source: got.Source, Expected: securebitsText(lockedSecurebits)}
	if c.Policy.Capabilities.Host {
		f.Expected, f.Found = "host", "not told"
		if got.Known {
			f.Found = securebitsText(got.Value)
		}
		return f.declared("capabilities is host")
	}
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	f.Found = securebitsText(got.Value)
	if got.Value != lockedSecurebits {
		return f.fail("the bits are not as they were to be set")
	}
	return f.pass()
}

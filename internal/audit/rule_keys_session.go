package audit

import "github.com/netjail/netjail/internal/policy"

var keysSession = Rule{
	ID:       "keys.session",
	Proves:   "The command's session keyring is new, and not the caller's: keyrings(7).",
	Evidence: "keyctl(2) by the jailed process, which made the keyring and is asked for its number before the filter is loaded; in a full audit also the number of netjail's own, and the line of /proc/keys; execve(2) and fork(2) leave it",
	Control:  "none needed: the number is given by the kernel, is above 0, and must come back",
	Remedy:   "set process.keyring to new",
	Key:      "process.keyring",
	Judge:    judgeKeyring,
}

func judgeKeyring(c *Case) Finding {
	if c.Policy.Process.Keyring == policy.KeyringHost {
		f := Finding{Expected: "host", Found: "the caller's", Side: SideNone}
		return f.declared("process.keyring is host: the keys of the caller's session are the command's")
	}
	made, got := c.Evidence.Inside.NewKeyring, c.Evidence.Inside.Keyring
	f := Finding{Expected: "a new one", Basis: BasisByRule, Source: joinSources(made.Source, got.Source)}
	if why := missing(made); why != "" {
		return f.unknown(why)
	}
	if why := missing(got); why != "" {
		return f.unknown(why)
	}
	f.Side, f.Found = SideInside, got.Value.String()
	if got.Value != made.Value || got.Value <= 0 {
		return f.fail("the one that was made is " + made.Value.String())
	}
	if c.Evidence.Full {
		return c.compareKeyring(f)
	}
	return f.pass()
}

// compareKeyring holds the command's keyring against netjail's own.
func (c *Case) compareKeyring(f Finding) Finding {
	own, seen := c.Evidence.Keyring, c.Evidence.KeyringSeen
	if why := missing(own); why != "" {
		return f.unknown("netjail's own: " + why)
	}
	f.Side, f.Source = SideBoth, joinSources(f.Source, own.Source)
	switch {
	case own.Value == c.Evidence.Inside.Keyring.Value:
		return f.fail("it is netjail's own")
	case !seen.Known:
		return f.as(Pass, "netjail does not see it in /proc/keys: "+seen.Why)
	}
	f.Source = joinSources(f.Source, seen.Source)
	f.Found += " (" + seen.Value.Type + " " + seen.Value.Description + ")"
	if seen.Value.Type != "keyring" || seen.Value.Description != "_ses: empty" {
		return f.fail("it is not an empty session keyring")
	}
	return f.pass()
}

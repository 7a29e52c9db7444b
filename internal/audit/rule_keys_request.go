package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var keysRequest = Rule{
	ID:       "keys.request",
	Proves:   "A key in netjail's session keyring is neither found by request_key(2) nor read by its number. It is tried before the filter is loaded, which refuses all three calls to the command and so keeps the host's helper, which request_key(2) can start, out of its reach. A user's own keys tell their names to whoever knows their numbers; only the filter closes that.",
	Evidence: "request_key(2) and KEYCTL_READ by the jailed process of a key that netjail made while it waited; request_key(2) is given nothing for the helper, so that none is started; " + filterEvidence,
	Control:  "netjail finds its key, and the jailed process one of its own; " + filterControl,
	Remedy:   "set process.keyring to new",
	Key:      "process.keyring",
	Judge:    judgeRequest,
}

func judgeRequest(c *Case) Finding {
	f := Finding{Expected: "refused"}
	if c.Policy.Process.Keyring == policy.KeyringHost {
		f.Expected = "host"
		return f.declared("process.keyring is host: the keys of the caller's session are the command's")
	}
	b, done := c.baits(&f)
	if !done {
		return f
	}
	if b.Key == nil {
		return absent(f, b.Without["key"])
	}
	n := c.Evidence.Inside.Tries.KeyNumber
	if why := missing(n); why != "" {
		return f.unknown(why)
	}
	if n.Value != b.Key.Number {
		return f.unknown("netjail's key is " + b.Key.Number.String() + ", and the jailed process tried " + n.Value.String())
	}
	list, _ := at([]evidence.Bait{*b.Key, *b.Key}, []evidence.Fact[evidence.Attempt]{c.Evidence.Inside.Tries.KeyFound, c.Evidence.Inside.Tries.KeyRead})
	list[0].place, list[1].place = "by its description", "by its number"
	f = judgeTried(f, list, []string{"ENOKEY", "EACCES"})
	if f.Verdict != Pass {
		return f
	}
	if !c.Policy.Filtered() {
		return f.declared("families, unix sockets, nesting and the terminal are all left open, so that there is no filter: request_key(2) can start the host's helper")
	}
	probes := c.judgeProbes(Finding{Expected: f.Expected, Found: f.Found + "; "}, groupKeys)
	probes.Source = joinSources(f.Source, probes.Source)
	return probes
}

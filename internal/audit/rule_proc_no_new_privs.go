package audit

import "github.com/netjail/netjail/internal/evidence"

var procNoNewPrivs = Rule{
	ID:       "proc.no-new-privs",
	Proves:   "no_new_privs is set, so that set-user-ID bits and file capabilities raise nothing.",
	Evidence: "prctl(2) PR_GET_NO_NEW_PRIVS by the jailed process, NoNewPrivs of /proc/PID/status by netjail",
	Control:  "none needed: the flag is read back by two readers, and nothing can clear it",
	Remedy:   "set noNewPrivileges to true",
	Key:      "noNewPrivileges",
	Judge:    judgeNoNewPrivs,
}

func judgeNoNewPrivs(c *Case) Finding {
	f := Finding{Expected: "1", Basis: BasisByRule}
	flag := func(p *evidence.Process) evidence.Fact[bool] { return p.NoNewPrivs }
	if heldWith(c, flag) {
		f.Basis = BasisAfterExec
	}
	set, ok := reading[bool]{
		inside:  c.Evidence.Inside.NoNewPrivs,
		outside: c.Evidence.Outside.NoNewPrivs,
		after:   afterFact(c, flag),
		same:    equal[bool], text: word,
	}.fold(&f)
	if !ok {
		return f
	}
	f.Found = word(set)
	switch {
	case c.Policy.NewPrivileges:
		f.Expected = "0 or 1"
		return f.declared("noNewPrivileges is false")
	case !set:
		return f.fail("a set-uid program could raise the command")
	}
	return f.pass()
}

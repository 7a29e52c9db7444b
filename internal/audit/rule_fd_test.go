package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

func fdRows() map[string][]row {
	return map[string][]row{"fd.open": openTable(), "fd.socket": socketTable(), "fd.kinds": kindsTable()}
}

// open adds a descriptor that was read before exec.
func open(n int, target string, kind evidence.FDKind) func(*Case) {
	return func(c *Case) {
		f := &c.Evidence.Outside.FDs
		f.Value = append(f.Value, evidence.FD{Number: n, Target: target, Kind: kind})
	}
}

// letThrough adds a descriptor to what the profile names and netjail was given.
func letThrough(n int) func(*Case) {
	return func(c *Case) {
		c.Policy.Process.InheritFDs = append(c.Policy.Process.InheritFDs, n)
		c.Expect.InheritFDs = append(c.Expect.InheritFDs, n)
	}
}

func unreadFDs(c *Case) { lost(&c.Evidence.Outside.FDs) }

func openTable() []row {
	return []row{
		{"exactly", same, Pass, "0, 1, 2"},
		{"exactly, held", held, Pass, "0, 1, 2"},
		{"one more, declared", all(letThrough(5), open(5, "/tmp/x", evidence.FDFile)), Pass, "0, 1, 2, 5"},
		{"one more", open(50, "socket:[3]", evidence.FDSocket), Fail, "not let through: 50 socket:[3]"},
		{"one more than the profile names", all(open(5, "/tmp/x", evidence.FDFile), func(c *Case) {
			c.Expect.InheritFDs = append(c.Expect.InheritFDs, 5)
		}), Fail, "not let through: 5 /tmp/x"},
		{"one less", letThrough(5), Fail, "not open: 5"},
		{"the gate is still open after exec", func(c *Case) {
			after := c.Evidence.Outside
			c.Evidence.AfterExec = &after
		}, Fail, "7 socket:[8]"},
		{"nothing expected", func(c *Case) { *c.Expect = Expect{} }, Fail, "not let through"},
		{"unread", unreadFDs, Unknown, "EIO"},
		{"after exec unread", all(held, func(c *Case) { lost(&c.Evidence.AfterExec.FDs) }), Pass, "0, 1, 2"},
	}
}

func socketTable() []row {
	stdin := func(c *Case) {
		c.Evidence.Outside.FDs.Value[0] = evidence.FD{Number: 0, Target: "socket:[3]", Kind: evidence.FDSocket}
	}
	passed := func(c *Case) { c.Policy.Process.StdioSockets = policy.StdioPass }
	return []row{
		{"none", same, Pass, "no socket"},
		{"standard input", stdin, Fail, "the socket itself"},
		{"standard input, passed", all(stdin, passed), Declared, "0 socket:[3]"},
		{"standard input, passed and held", all(stdin, passed, held), Declared, "a live connection"},
		{"standard input, held", all(stdin, held), Fail, "process.stdioSockets is relay"},
		{"let through", all(letThrough(5), open(5, "socket:[3]", evidence.FDSocket)), Declared, "5 socket:[3]"},
		{"not let through", open(50, "socket:[3]", evidence.FDSocket), Fail, "50 socket:[3]"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func kindsTable() []row {
	return []row{
		{"listed", same, Declared, "0 /dev/null, 1 pipe:[1], 2 /dev/pts/1"},
		{"none", func(c *Case) {
			*c.Expect, c.Policy.Process.InheritFDs, c.Evidence.Outside.FDs.Value = Expect{}, nil, nil
		}, Pass, "no descriptor"},
		{"not let through", open(50, "net:[4026531833]", evidence.FDNamespace), Fail, "50 net:[4026531833]"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

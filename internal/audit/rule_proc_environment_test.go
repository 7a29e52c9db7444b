package audit

import "github.com/netjail/netjail/internal/policy"

func environmentTable() []row {
	entries := func(list ...string) func(*Case) {
		return func(c *Case) { c.Evidence.Environment.Value = list }
	}
	pass := func(list ...string) func(*Case) {
		return func(c *Case) { c.Policy.Process.Environment.Pass = list }
	}
	after := func(list ...string) func(*Case) {
		return all(held, func(c *Case) { c.Evidence.AfterExec.Environ = known(list, "/proc/72/environ") })
	}
	return []row{
		{"as declared", same, Pass, "PATH, LC_ALL, TMPDIR"},
		{"held", after("PATH=/bin", "LC_ALL=C", "TMPDIR=/tmp"), Pass, "PATH, LC_ALL, TMPDIR"},
		{"held, unread", held, Pass, "PATH, LC_ALL, TMPDIR"},
		{"one more", entries("PATH=/bin", "TMPDIR=/tmp", "HOME=/h"), Fail, "not declared, or with another value: HOME"},
		{"a secret by a glob", all(pass("*"), entries("GITHUB_TOKEN=x", "TMPDIR=/tmp")), Fail, "GITHUB_TOKEN"},
		{"a secret by its name", all(pass("GITHUB_TOKEN"), entries("GITHUB_TOKEN=x", "TMPDIR=/tmp")), Declared, "looks like a secret"},
		{"a socket by a glob", all(pass("*"), entries("NOTIFY_SOCKET=x", "TMPDIR=/tmp")), Fail, "NOTIFY_SOCKET"},
		{"a group", all(pass("@toolchain"), entries("GOPATH=/go", "TMPDIR=/tmp")), Pass, "GOPATH"},
		{"not of the group", all(pass("@toolchain"), entries("GOPROXY=x", "TMPDIR=/tmp")), Fail, "GOPROXY"},
		{"everything", all(pass("*"), entries("A=1", "TMPDIR=/tmp")), Declared, "everything but"},
		{"another value", entries("PATH=/bin", "TMPDIR=/var"), Fail, "TMPDIR"},
		{"one less", entries("PATH=/bin"), Fail, "declared and not there: TMPDIR"},
		{"twice", entries("PATH=/bin", "PATH=/sbin", "TMPDIR=/tmp"), Fail, "twice: PATH"},
		{"no name", entries("PATH", "TMPDIR=/tmp"), Fail, "PATH"},
		{"changed by exec", after("PATH=/bin"), Fail, "execve(2) changed it"},
		{"none", all(pass(), entries(), func(c *Case) { c.Policy.Process.Environment.Set = nil }), Pass, "none"},
		{"unread", func(c *Case) { lost(&c.Evidence.Environment) }, Unknown, "EIO"},
	}
}

// healthyEnvironment gives a case three variables as declared.
func healthyEnvironment(c *Case) {
	c.Policy.Process.Environment = policy.Environment{Pass: []string{"PATH", "LC_*"}, Set: []policy.Variable{{Name: "TMPDIR", Value: "/tmp"}}}
	c.Evidence.Environment = known([]string{"PATH=/bin", "LC_ALL=C", "TMPDIR=/tmp"}, "the argument of execve(2)")
}

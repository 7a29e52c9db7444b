package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// added makes the case one of a profile to which the command line added a path
// and a descriptor.
func added(c *Case) {
	named := c.Policy
	c.Expect.Named = named
	c.Expect.Added = []policy.Addition{{Key: policy.KeyFDs, Value: "5"}, {Key: policy.KeyPass, Value: "CI_TOKEN"}}
	r, _, err := (&policy.Resolved{Policy: named}).With(c.Expect.Added)
	if err != nil {
		panic(err)
	}
	c.Policy = r.Policy
}

func additionRows() map[string][]row {
	return map[string][]row{"profile.additions": {
		{"nothing", same, Pass, "the profile that was named"},
		{"added", added, Declared, "process.inheritFds 5, process.environment.pass CI_TOKEN"},
		{"more than was added", all(added, func(c *Case) { c.Policy.Loopback.State = policy.LinkDown }), Fail, "is not the profile"},
		{"less than was added", all(added, func(c *Case) { c.Policy.Process.Environment.Pass = nil }), Fail, "is not the profile"},
		{"another profile, and nothing added", func(c *Case) {
			other := *c.Policy
			c.Expect.Named, other.NewPrivileges = &other, true
		}, Fail, "is not the profile"},
		{"what the profile holds already", all(added, func(c *Case) {
			c.Expect.Added = append(c.Expect.Added, policy.Addition{Key: policy.KeyFDs, Value: "0"})
		}), Fail, "is not the profile"},
		{"what cannot be added", all(added, func(c *Case) { c.Expect.Added[0].Value = "x" }), Fail, "is not the profile"},
		{"what the profile prefers and the host lacks", func(c *Case) {
			c.Expect.Degraded[ns.Cgroup] = "no"
			c.Policy = c.Policy.Without(ns.Cgroup)
		}, Pass, "the profile that was named"},
		{"less than the profile, and nothing is missing", func(c *Case) { c.Policy = c.Policy.Without(ns.Cgroup) }, Fail, "is not the profile"},
		{"nobody told", func(c *Case) { c.Expect.Named = nil }, Unknown, "not known"},
	}}
}

// What was added is told by itself, and does not refuse the start.
func TestAdditionsAreReported(t *testing.T) {
	c := healthy()
	added(c)
	c.Expect.InheritFDs = c.Policy.Process.InheritFDs
	f := evaluate(c)[0]
	if f.Check != "profile.additions" || f.Verdict != Declared || f.Refuses() {
		t.Errorf("%+v", f)
	}
}

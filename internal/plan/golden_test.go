package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// plans are the policies whose plans are kept in testdata.
var plans = []planCase{
	{name: "minimal", policy: func(t testing.TB) *policy.Policy { return bundled(t, "minimal") }},
	{name: "base", policy: func(t testing.TB) *policy.Policy { return bundled(t, "base") }},
	{name: "plain", policy: plain},
	{name: "audit-only", policy: func(t testing.TB) *policy.Policy { return bundled(t, "audit-only") }},
	{name: "full", policy: full, options: everyAttempt},
	{name: "subordinate", policy: subordinate},
	{name: "joined", policy: joined},
	{name: "joined-pid", policy: joinedPID, tree: wholeTree},
	{name: "tree", policy: func(t testing.TB) *policy.Policy { return bundled(t, "offline") }, tree: wholeTree},
	{name: "tree-in-place", policy: func(t testing.TB) *policy.Policy { return bundled(t, "offline") }, tree: treeInPlace},
	{name: "tree-owned", policy: func(t testing.TB) *policy.Policy { return bundled(t, "offline") }, tree: treeOwned, rootOnly: true},
	{name: "tree-owned-in-place", policy: func(t testing.TB) *policy.Policy { return bundled(t, "offline") }, tree: treeOwnedInPlace, rootOnly: true},
}

type planCase struct {
	name    string
	policy  func(testing.TB) *policy.Policy
	options plan.Options
	tree    func() *tree.Layout // nil for none
	// rootOnly is set where no ordinary user has such a tree.
	rootOnly bool
}

// hosts are those that the case is about.
func (c *planCase) hosts() []namedHost {
	if c.rootOnly {
		return hosts[1:]
	}
	return hosts
}

// on is the host as the case has it.
func (c *planCase) on(host func() *plan.Host) *plan.Host {
	h := host()
	if c.tree != nil {
		h.Tree = c.tree()
	}
	return h
}

// TestGolden holds every plan to its file, so that a change to any op is a line
// of a change's review.
func TestGolden(t *testing.T) {
	for _, c := range plans {
		for _, h := range c.hosts() {
			name := c.name + "." + h.name
			t.Run(name, func(t *testing.T) {
				golden(t, name+".txt", listing(built(t, c.policy(t), c.on(h.host), c.options)))
			})
		}
	}
}

// listing is everything that a plan says, as text.
func listing(p *plan.Plan) string {
	var s strings.Builder
	s.WriteString("clone:")
	for _, k := range ns.All() {
		if makes(p, k) {
			s.WriteString(" " + k.FlagName())
		}
	}
	fmt.Fprintf(&s, "\nforks: %t\ndrops groups: %t\nids: %d:%d\nuids: %v\ngids: %v\n", p.Forks, p.DropsGroups, p.UID, p.GID, p.UIDMap, p.GIDMap)
	for i := range p.Ops {
		o := &p.Ops[i]
		fmt.Fprintf(&s, "\n%d %s %s\n\t%s\n\t%s: %s\n", i, o.Actor, o.Name, o, o.Key, o.Why)
		if o.Expect.Mode == plan.ExpectAny {
			s.WriteString("\tany result\n")
		}
		for _, line := range []struct{ name, text string }{{"needs", o.Needs}, {"reads", string(o.Fact)}} {
			if line.text != "" {
				s.WriteString("\t" + line.name + " " + line.text + "\n")
			}
		}
		if o.Out > 0 {
			fmt.Fprintf(&s, "\tbuffer of %d\n", o.Out)
		}
	}
	return s.String()
}

// TestSecretsStayOut wants nothing of the environment in what is printed.
func TestSecretsStayOut(t *testing.T) {
	text := listing(built(t, full(t), root(), everyAttempt))
	for _, secret := range []string{"hunter2", "API"} {
		if strings.Contains(text, secret) {
			t.Errorf("the plan's text holds %q", secret)
		}
	}
	if !strings.Contains(text, "[2 variables]") {
		t.Error("the plan's text does not say how many variables the command gets")
	}
}

// TestText is the form of each kind of argument.
func TestText(t *testing.T) {
	value := func(n uint64, name string) plan.Arg { return plan.Arg{Value: n, Name: name} }
	block := func(b plan.Block) plan.Arg { return plan.Arg{Kind: plan.ArgBytes, Block: &b} }
	for _, c := range []struct {
		arg  plan.Arg
		want string
	}{
		{value(0, ""), "0"},
		{value(^uint64(0), ""), "18446744073709551615"},
		{value(0, "NULL"), "NULL"},
		{plan.Arg{Kind: plan.ArgString}, `""`},
		{plan.Arg{Kind: plan.ArgString, Name: "a\n\x1b\""}, `"a\n\x1b\""`},
		{block(plan.Block{Data: []byte("\x01\x02\x03"), Text: "v3"}), "v3"},
		{plan.Arg{Kind: plan.ArgOut}, "buf"},
		{plan.Arg{Kind: plan.ArgOut, Value: 4}, "&buf[4]"},
		{plan.Arg{Kind: plan.ArgOutOf, Name: "x", Value: 16}, "&x[16]"},
		{plan.Arg{Kind: plan.ArgResult, Name: "x"}, "$x"},
		{plan.Arg{Kind: plan.ArgEach}, "each"},
		{plan.Arg{Kind: plan.ArgWords, Block: &plan.Block{Words: []plan.Arg{value(0, "NULL")}}}, "[]"},
		{plan.Arg{Kind: plan.ArgWords, Block: &plan.Block{Words: []plan.Arg{value(1, ""), value(0, "NULL")}}}, "[1]"},
	} {
		if got := c.arg.Text(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.arg, got, c.want)
		}
	}
	o := &plan.Op{
		Call: "prctl", Args: []plan.Arg{value(24, "PR_CAPBSET_DROP"), {Kind: plan.ArgEach}},
		Each: []plan.Arg{value(0, "A"), value(1, "B"), value(2, "C")},
	}
	if got, want := o.String(), "prctl(PR_CAPBSET_DROP, A … C (3))"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	o = &plan.Op{Call: "f", Expect: plan.Expect{Accept: []plan.Errno{{Name: "EEXIST"}, {Name: "EAGAIN"}}}}
	if got, want := o.String(), "f() or EEXIST or EAGAIN"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	o.Expect = plan.Expect{Mode: plan.ExpectEqual, Want: -1}
	if got, want := o.String(), "f() = -1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

package policy

import (
	"regexp"
	"testing"
)

// TestVariableGroups: every member is a name, stands once, has a reason, and
// would pass by a glob as well: none looks like a secret or tells of what was
// handed over.
func TestVariableGroups(t *testing.T) {
	pattern := regexp.MustCompile(atomOf(AtomVariable).Pattern)
	for _, g := range VariableGroups() {
		seen := map[string]bool{}
		if !pattern.MatchString(g.Name) || checkVariable(g.Name) != nil || g.Meaning == "" {
			t.Errorf("%s is not what the schema takes", g.Name)
		}
		for _, m := range g.Members {
			if !variableName(m.Name, false) || seen[m.Name] || m.Reason == "" || Secret(m.Name) || Handed(m.Name) {
				t.Errorf("%s: %+v", g.Name, m)
			}
			seen[m.Name] = true
			if e := (Environment{Pass: []string{g.Name}}); !e.passes(m.Name) {
				t.Errorf("%s does not pass by %s", m.Name, g.Name)
			}
		}
	}
	for _, name := range []string{"GOPROXY", "NODE_OPTIONS", "MAKEFLAGS", "PIP_INDEX_URL", "GITHUB_TOKEN", "@toolchain", "PATH"} {
		if e := (Environment{Pass: []string{"@toolchain"}}); e.passes(name) && name != "@toolchain" {
			t.Errorf("%s passes", name)
		}
	}
}

// TestGroupSecret: what looks like a secret would not pass by a group that named
// it.
func TestGroupSecret(t *testing.T) {
	before := variableGroups
	defer func() { variableGroups = before }()
	variableGroups[0].Members = []GroupMember{{"GO_TOKEN", ""}, {"LISTEN_FDS", ""}, {"GOPATH", ""}}
	e := Environment{Pass: []string{"@toolchain"}}
	if e.passes("GO_TOKEN") || e.passes("LISTEN_FDS") || !e.passes("GOPATH") {
		t.Error("a group passes a secret")
	}
}

func TestGroupOrder(t *testing.T) {
	var all []string
	for _, m := range variableGroups[0].Members {
		all = append(all, m.Name)
	}
	for _, c := range []struct {
		name string
		a, b []string
		want Direction
	}{
		{"a member for the group", []string{"@toolchain"}, []string{"GOPATH"}, Tighter},
		{"the group beside a member", []string{"GOPATH"}, []string{"GOPATH", "@toolchain"}, Looser},
		{"all members for the group", []string{"@toolchain"}, all, Neutral},
		{"everything for the group", []string{"@toolchain"}, []string{"*"}, Looser},
		{"another for the group", []string{"@toolchain"}, []string{"GO*"}, Incomparable},
	} {
		if got := grants(c.a, c.b, passedBy); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

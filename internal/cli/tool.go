package cli

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/policy"
)

// tool is a kind of work that a starting profile is for: a built-in profile, with
// the variables of this tool and of no other.
type tool struct {
	name, from, description string
	// pass are the tool's variables that the caller's environment may hold, and set
	// those that it gets; of both those of other tools are taken out.
	pass []string
	set  []policy.Variable
}

// tools are the rows of `init --tool`.
func tools() []tool {
	return []tool{
		{
			"npm", "package-install", "npm with the scripts of packages, from its cache and without a network.",
			[]string{"NODE_ENV", "NVM_DIR"},
			[]policy.Variable{{Name: "npm_config_audit", Value: "false"}, {Name: "npm_config_fund", Value: "false"}, {Name: "npm_config_offline", Value: "true"}, {Name: "npm_config_update_notifier", Value: "false"}},
		},
		{
			"pip", "package-install", "pip with the build scripts of packages, from local files and without a network.",
			[]string{"PIP_FIND_LINKS", "VIRTUAL_ENV"},
			[]policy.Variable{{Name: "PIP_DISABLE_PIP_VERSION_CHECK", Value: "1"}, {Name: "PIP_NO_INDEX", Value: "1"}},
		},
		{
			"go", "offline", "Go builds and tests, from the module cache and without a network.",
			[]string{"GOCACHE", "GOFLAGS", "GOMODCACHE", "GOPATH"},
			[]policy.Variable{{Name: "GOPROXY", Value: "off"}, {Name: "GOTOOLCHAIN", Value: "local"}},
		},
		{
			"cargo", "offline", "cargo builds and tests, from its cache and without a network.",
			[]string{"CARGO_HOME", "RUSTUP_HOME"},
			[]policy.Variable{{Name: "CARGO_NET_OFFLINE", Value: "true"}},
		},
		{"make", "build", "make with the system's tools, and nothing of the caller's.", []string{"MAKEFLAGS"}, nil},
		{"agent", "agent", "The tool calls of a coding agent: no network, no home directory, no unix sockets.", nil, nil},
	}
}

// toolNames are the words of the flag.
func toolNames() []string {
	var names []string
	for _, t := range tools() {
		names = append(names, t.name)
	}
	return names
}

// toolOf is the row of a name; nil for none.
func toolOf(name string) *tool {
	all := tools()
	i := slices.IndexFunc(all, func(t tool) bool { return t.name == name })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// fit makes the policy that of the tool.
func (t *tool) fit(p *policy.Policy) {
	p.Description = t.description
	e := &p.Process.Environment
	if slices.Contains(e.Pass, "*") || t.name == "agent" {
		return // every variable passes, or none of a toolchain's does
	}
	e.Pass = slices.DeleteFunc(slices.Clone(e.Pass), func(name string) bool { return toolchain(name) })
	e.Pass = append(e.Pass, t.pass...)
	e.Set = slices.DeleteFunc(slices.Clone(e.Set), func(v policy.Variable) bool { return toolchain(v.Name) })
	e.Set = append(e.Set, t.set...)
	slices.SortFunc(e.Set, func(a, b policy.Variable) int { return strings.Compare(a.Name, b.Name) })
}

// toolchain says whether a variable is one tool's own.
func toolchain(name string) bool {
	for _, prefix := range [...]string{"CARGO_", "GO", "JAVA_", "NODE_", "NVM_", "PIP_", "RUSTUP_", "VIRTUAL_", "npm_config_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

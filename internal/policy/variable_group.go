package policy

import (
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// VariableGroup is a list of environment variables that a profile passes by one
// name.
type VariableGroup struct {
	Name    string // with its @
	Meaning string
	Members []GroupMember
}

// GroupMember is a variable of a group.
type GroupMember struct{ Name, Reason string }

// VariableGroups is the table of all groups. No member looks like a secret, and
// none holds an address that could carry a password (GOPROXY, PIP_INDEX_URL,
// NPM_CONFIG_REGISTRY), names a socket, or has a program load or run what it
// names (NODE_OPTIONS, PYTHONSTARTUP, MAKEFLAGS with its descriptors).
func VariableGroups() []VariableGroup { return variableGroups[:] }

var variableGroups = [...]VariableGroup{{
	Name:    "@toolchain",
	Meaning: "where compilers, interpreters and package managers are and keep things, and how they build",
	Members: []GroupMember{
		{"GOROOT", "the Go toolchain"},
		{"GOPATH", "Go's modules and what was installed"},
		{"GOBIN", "where `go install` puts programs"},
		{"GOCACHE", "Go's build cache"},
		{"GOMODCACHE", "Go's modules"},
		{"GOENV", "Go's file of settings"},
		{"GOFLAGS", "flags of every go command"},
		{"GOTOOLCHAIN", "which Go toolchain is used"},
		{"GOWORK", "the workspace's file"},
		{"GOEXPERIMENT", "experiments of the compiler"},
		{"GOTMPDIR", "where the go command works"},
		{"GOOS", "the system that is built for"},
		{"GOARCH", "the processor that is built for"},
		{"GOAMD64", "the processor's level"},
		{"GOARM64", "the processor's level"},
		{"CGO_ENABLED", "whether Go calls C"},
		{"CARGO_HOME", "cargo's crates and programs"},
		{"CARGO_TARGET_DIR", "where cargo builds"},
		{"RUSTUP_HOME", "Rust's toolchains"},
		{"RUSTUP_TOOLCHAIN", "which of them is used"},
		{"RUSTFLAGS", "flags of the Rust compiler"},
		{"RUST_BACKTRACE", "how much a panic tells"},
		{"JAVA_HOME", "the Java development kit"},
		{"MAVEN_HOME", "Maven"},
		{"M2_HOME", "Maven, in older versions"},
		{"GRADLE_HOME", "Gradle"},
		{"GRADLE_USER_HOME", "Gradle's caches"},
		{"VIRTUAL_ENV", "the Python environment that is active"},
		{"CONDA_PREFIX", "the conda environment that is active"},
		{"PYENV_ROOT", "Python versions of pyenv"},
		{"PYENV_VERSION", "which of them is used"},
		{"PYTHONPATH", "where Python looks for modules"},
		{"PYTHONDONTWRITEBYTECODE", "whether Python writes compiled modules"},
		{"PIP_CACHE_DIR", "pip's cache"},
		{"UV_CACHE_DIR", "uv's cache"},
		{"POETRY_CACHE_DIR", "Poetry's cache"},
		{"NODE_ENV", "production or development"},
		{"NODE_PATH", "where Node looks for modules"},
		{"NVM_DIR", "Node versions of nvm"},
		{"NVM_BIN", "the programs of the one that is active"},
		{"VOLTA_HOME", "Node versions of Volta"},
		{"FNM_DIR", "Node versions of fnm"},
		{"PNPM_HOME", "what pnpm installed"},
		{"COREPACK_HOME", "package managers that corepack fetched"},
		{"DENO_DIR", "Deno's cache"},
		{"BUN_INSTALL", "Bun"},
		{"GEM_HOME", "Ruby's gems"},
		{"GEM_PATH", "where Ruby looks for gems"},
		{"RBENV_ROOT", "Ruby versions of rbenv"},
		{"DOTNET_ROOT", "the .NET runtime"},
		{"ASDF_DIR", "asdf"},
		{"ASDF_DATA_DIR", "toolchains of asdf"},
		{"SDKMAN_DIR", "toolchains of SDKMAN!"},
		{"CC", "the C compiler"},
		{"CXX", "the C++ compiler"},
		{"AR", "the archiver"},
		{"LD", "the linker"},
		{"CPPFLAGS", "flags of the preprocessor"},
		{"CFLAGS", "flags of the C compiler"},
		{"CXXFLAGS", "flags of the C++ compiler"},
		{"LDFLAGS", "flags of the linker"},
		{"PKG_CONFIG_PATH", "where pkg-config looks"},
		{"CCACHE_DIR", "ccache's cache"},
		{"CMAKE_PREFIX_PATH", "where CMake looks"},
		{"SOURCE_DATE_EPOCH", "the time that reproducible builds write"},
	},
}}

// groupOf is the group that a pattern names; nil where it names none.
func groupOf(pattern string) *VariableGroup {
	for i := range variableGroups {
		if variableGroups[i].Name == pattern {
			return &variableGroups[i]
		}
	}
	return nil
}

// has says whether a variable belongs to the group; to none, nothing does.
func (g *VariableGroup) has(name string) bool {
	if g == nil {
		return false
	}
	for i := range g.Members {
		if g.Members[i].Name == name {
			return true
		}
	}
	return false
}

// groupWords are the groups as words of a list.
func groupWords() []Word {
	var out []Word
	for _, g := range variableGroups {
		names := make([]string, len(g.Members))
		for i, m := range g.Members {
			names[i] = m.Name
		}
		out = append(out, Word{g.Name, g.Meaning + ": " + strings.Join(names, ", ")})
	}
	return out
}

func checkGroup(s string) *diag.Diagnostic {
	if groupOf(s) != nil {
		return nil
	}
	d := wrong(diag.UnknownValue, "unknown group of variables "+diag.Quote(s), "")
	names := texts(groupWords())
	d.Help = "the group is " + orList(names)
	if near, ok := diag.Nearest(s, names); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	}
	return d
}

// Package profiles holds the profiles that netjail carries with it: their YAML,
// and the same compiled to Go, so that running one of them reads no YAML.
package profiles

import (
	_ "embed" // for the files below
	"slices"

	"github.com/netjail/netjail/internal/policy"
)

//go:generate go run ./gen

var (
	//go:embed agent.yaml
	agent string
	//go:embed audit-only.yaml
	auditOnly string
	//go:embed base.yaml
	base string
	//go:embed build.yaml
	build string
	//go:embed minimal.yaml
	minimal string
	//go:embed offline.yaml
	offline string
	//go:embed offline-strict.yaml
	offlineStrict string
	//go:embed package-install.yaml
	packageInstall string
)

// Names lists the profiles, sorted.
func Names() []string {
	return []string{"agent", "audit-only", "base", "build", "minimal", "offline", "offline-strict", "package-install"}
}

// Has says whether a profile of this name is built in.
func Has(name string) bool { return slices.Contains(Names(), name) }

// Source is the YAML of a profile.
func Source(name string) ([]byte, bool) {
	switch name {
	case "agent":
		return []byte(agent), true
	case "audit-only":
		return []byte(auditOnly), true
	case "base":
		return []byte(base), true
	case "build":
		return []byte(build), true
	case "minimal":
		return []byte(minimal), true
	case "offline":
		return []byte(offline), true
	case "offline-strict":
		return []byte(offlineStrict), true
	case "package-install":
		return []byte(packageInstall), true
	}
	return nil, false
}

// File is the name that diagnostics and origins give to a profile's source.
func File(name string) string { return "profiles/" + name + ".yaml" }

// Lookup is a profile, compiled, without its tests. Each call gives a new one.
func Lookup(name string) (*policy.Resolved, bool) { return lookup(name) }

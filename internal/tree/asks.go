package tree

import (
	"strings"

	"github.com/netjail/netjail/internal/policy"
)

// Needs says which facts a policy takes.
type Needs struct {
	// Anything is true where the command's files are not simply the caller's;
	// Facts.Mounts and Facts.Workdir are needed then.
	Anything bool
	// Home is true where Facts.Home is needed.
	Home bool
}

// Asks says which facts Lay needs for p.
func Asks(p *policy.Policy) Needs {
	f := &p.Filesystem
	if f.Root == policy.RootJoined {
		return Needs{} // its files are as they are
	}
	n := Needs{Anything: f.Root != policy.RootHost || f.Home != policy.HomeHost || f.Hidden.Kind != policy.PathsNone ||
		len(f.Private) > 0 || len(f.Mounts) > 0 || len(f.Writable) > 0}
	// Whatever is writable must not be the home.
	n.Home = f.Home != policy.HomeHost || f.Hidden.Kind == policy.PathsStandard || len(f.Writable) > 0 || namesHome(f)
	return n
}

// namesHome says whether a path begins at the home.
func namesHome(f *policy.Filesystem) bool {
	for _, list := range [...][]string{f.Writable, f.Hidden.List, f.Private} {
		for _, path := range list {
			if strings.HasPrefix(path, "~") {
				return true
			}
		}
	}
	for i := range f.Mounts {
		if strings.HasPrefix(f.Mounts[i].Destination, "~") || strings.HasPrefix(f.Mounts[i].Source, "~") {
			return true
		}
	}
	return false
}

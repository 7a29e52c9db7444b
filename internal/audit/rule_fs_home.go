package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var fsHome = Rule{
	ID:       "fs.home",
	Proves:   "The caller's home directory is what filesystem.home says: nothing of it, or all of it read-only, or a view whose changes stay in memory.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "none for a profile: please report it",
	Key:      keyHome,
	Judge:    judgeHome,
}

func judgeHome(c *Case) Finding {
	if c.shareMounts() {
		return c.notOwn(ns.Mount)
	}
	home := c.Policy.Filesystem.Home
	f := Finding{Expected: home.String()}
	t := c.mounts(&f)
	if t == nil {
		return f
	}
	paths := t.of(keyHome)
	bad := t.problems(paths)
	for _, i := range paths {
		if m := t.got[i]; m != nil && home != policy.HomeHost && !t.isHome(i, home) {
			bad = append(bad, t.at[i]+" is "+m.Type+", "+optionWords(optionsOf(m)))
		}
	}
	if len(bad) > 0 {
		f.Found = several(bad)
		return f.fail("the home directory is not what it is to be")
	}
	f.Found = t.names(paths)
	switch {
	case home == policy.HomeHost:
		return f.declared("filesystem.home is host")
	case len(paths) > 0:
		return f.pass()
	case len(c.absent(keyHome)) > 0:
		f.Found = "the host has no " + list(c.absent(keyHome))
		return f.pass()
	case home == policy.HomeHidden && c.bareRoot():
		f.Found = "no mount shows any of it"
		return f.pass()
	}
	return f.unknown("the layout makes none")
}

// bareRoot says whether the root brings nothing along in which a home could lie.
func (c *Case) bareRoot() bool {
	root := c.Policy.Filesystem.Root
	return root == policy.RootSystem || root == policy.RootEmpty
}

// isHome says whether a mount is the jail's own, and of the kind that the word
// asks for.
func (t *mountTable) isHome(i int, home policy.Home) bool {
	m := t.got[i]
	_, changes := m.Option("upperdir")
	switch home {
	case policy.HomeHidden:
		return m.Type == "tmpfs" && t.ownMemory(i)
	case policy.HomeReadonly:
		return m.Type == "overlay" && !changes && readOnlyMount(m)
	case policy.HomeEphemeral:
		return m.Type == "overlay" && changes && t.ownMemory(i)
	}
	return false
}

// readOnlyMount says whether nothing can be written through a mount.
func readOnlyMount(m *evidence.Mount) bool { return !m.Writable() }

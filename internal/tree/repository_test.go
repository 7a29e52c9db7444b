package tree

import (
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// A repository that lies in the discarded home is read-only, whatever names it.
func TestRepositoryElsewhere(t *testing.T) {
	for name, test := range map[string]struct {
		files string
		home  policy.Home
		want  string // what is read-only; empty for nothing
	}{
		"a linked worktree": {
			"f /home/me/tree/.git gitdir: /home/me/main/.git/worktrees/tree\nf /home/me/main/.git/worktrees/tree/commondir ../..\n",
			policy.HomeEphemeral, "/home/me/main/.git",
		},
		"a submodule":         {"f /home/me/tree/.git gitdir: ../main/.git/modules/sub\nd /home/me/main/.git/modules/sub\n", policy.HomeEphemeral, "/home/me/main/.git/modules/sub"},
		"of its own":          {"d /home/me/tree/.git\n", policy.HomeEphemeral, ""},
		"outside of the home": {"f /home/me/tree/.git gitdir: /srv/main/.git\nd /srv/main/.git\n", policy.HomeEphemeral, ""},
		"of a hidden home":    {"f /home/me/tree/.git gitdir: /home/me/main/.git\nd /home/me/main/.git\n", policy.HomeHidden, ""},
		"missing":             {"f /home/me/tree/.git gitdir: /home/me/main/.git\n", policy.HomeEphemeral, ""},
		"no pointer":          {"f /home/me/tree/.git hello\nd /home/me/main/.git\n", policy.HomeEphemeral, ""},
		"empty":               {"f /home/me/tree/.git gitdir: \n", policy.HomeEphemeral, ""},
		"the home itself":     {"f /home/me/tree/.git gitdir: /home/me\n", policy.HomeEphemeral, ""},
		"within the project":  {"f /home/me/tree/.git gitdir: hooks\nd /home/me/tree/hooks\n", policy.HomeEphemeral, ""},
	} {
		p := policy.Default()
		p.Filesystem.Home, p.Filesystem.Writable, p.Filesystem.Private = test.home, []string{"project"}, nil
		f := facts(t, "")
		f.Workdir = "/home/me/tree"
		l, err := Lay(&p, f, newHost(t, standardFiles+test.files))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := ""
		for _, e := range l.Entries {
			if e.Kind == Overlay && below(e.Target, "/home/me") {
				got += e.Target
			}
		}
		if got != test.want {
			t.Errorf("%s: %q is read-only, want %q", name, got, test.want)
		}
	}
}

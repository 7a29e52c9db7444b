package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// checkMounts: each mount has what its type needs and nothing else, and its
// options do not contradict one another.
func checkMounts(r *reader) {
	p := r.doc.find("filesystem.mounts")
	if p == nil {
		return
	}
	for i := range r.policy.Filesystem.Mounts {
		m, n := &r.policy.Filesystem.Mounts[i], p.Value.Items[i]
		path := "filesystem.mounts[" + strconv.Itoa(i) + "]"
		r.checkSource(path+".source", m, n)
		if options := n.Field("options"); options != nil {
			for j := range options.Items {
				r.checkOption(path+".options["+strconv.Itoa(j)+"]", m, options, j)
			}
		}
	}
}

func (r *reader) checkSource(path string, m *Mount, n *Node) {
	source := n.Pair("source")
	switch {
	case m.Type == "bind" && source == nil:
		r.report(diag.MountRule, path, n.Span, "a bind needs a source", "write what it shows: `source: /srv/data`")
	case m.Type == "tmpfs" && source != nil:
		r.report(diag.MountRule, path, source.Key.Span, "a tmpfs has no source", "remove the key")
	}
}

// checkOption looks at option j of a mount, and at those before it.
func (r *reader) checkOption(path string, m *Mount, options *Node, j int) {
	n := options.Items[j]
	o, _ := optionOf(n.Text)
	if m.Type == "bind" && !o.bind || m.Type == "tmpfs" && !o.tmpfs {
		r.report(diag.MountRule, path, n.Span, "a "+m.Type+" does not take "+diag.Quote(n.Text), "remove it")
		return
	}
	for _, before := range options.Items[:j] {
		if other, _ := optionOf(before.Text); other.name == o.excludes {
			r.report(diag.MountRule, path, n.Span, diag.Quote(n.Text)+" contradicts "+diag.Quote(before.Text), "keep one of the two").
				Notes = []diag.Note{r.see(before, "it stands here")}
		}
	}
}

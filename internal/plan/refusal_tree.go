package plan

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// refuseTree says what stands against the command's files.
func (b *builder) refuseTree(r *refusals) {
	if b.host.TreeRefused != nil {
		for _, one := range b.host.TreeRefused.List {
			r.add(one.Key, one.Cause, one.Help)
		}
		return
	}
	if b.host.Tree == nil && b.policy.Filesystem.Root < policy.RootHost {
		r.add("filesystem.root", "nobody laid out a tree for it", "this is an error in netjail: report it")
	}
	if !b.host.lays() {
		return
	}
	if !b.policy.New(ns.Mount) {
		key := "filesystem.root"
		if b.host.Tree.InPlace {
			key = b.host.Tree.Entries[0].Key
		}
		r.add(key, "other files than the host's need a new mount namespace", "write `mount: new`")
	}
	b.refuseMaking(r)
	b.refusePlanting(r)
}

// refusePlanting: what the command makes in what is given to it belongs, on the
// host, to root or to whom root gave it. There it must not run with that
// identity, or with capabilities.
func (b *builder) refusePlanting(r *refusals) {
	if len(b.host.Given()) == 0 {
		return
	}
	if b.everyCapability().Has(caps.Setfcap) {
		r.add("capabilities", "with CAP_SETFCAP the command could give capabilities to a file that is root's on the host, where whoever executes it then has them",
			"take CAP_SETFCAP out, or run netjail as an ordinary user")
	}
	if !b.policy.Filtered() {
		r.add("nestedUserNamespaces", "without a system call filter the command could make a set-user-ID file that is root's on the host",
			"write `nestedUserNamespaces: deny`, or run netjail as an ordinary user")
	}
}

// refuseMaking: a directory that is made for the tree must not be made on the
// host.
func (b *builder) refuseMaking(r *refusals) {
	t := &treeBuilder{builder: b, layout: b.host.Tree, entries: b.host.Tree.Entries}
	t.base = baseRegion(b.host.Tree)
	t.survey()
	for i := range t.entries {
		if e := &t.entries[i]; !e.Kind.Mounts() && !t.around(i).memory {
			r.add(e.Key, e.Target+" would be made on the host", "this is an error in netjail: report it")
		}
	}
}

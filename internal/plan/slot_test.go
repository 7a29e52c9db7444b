package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/tree"
)

// opens are the calls whose result is a descriptor that the kernel numbers.
var opens = map[string]bool{"openat": true, "openat2": true, "open_tree": true, "fsopen": true, "fsmount": true, "socket": true}

// TestSlotsAreBehind: a number that a plan gives a descriptor is behind those that
// the kernel gives, however many there are.
func TestSlotsAreBehind(t *testing.T) {
	for name, lay := range map[string]func() *tree.Layout{"whole": wholeTree, "in place": treeInPlace, "many": manyBinds} {
		t.Run(name, func(t *testing.T) {
			h := ordinaryUser()
			h.Tree = lay()
			p := built(t, bundled(t, "offline"), h, plan.Options{})
			opened, slots := 0, 0
			for i := range p.Ops {
				o := &p.Ops[i]
				if opens[o.Call] {
					opened += o.Calls()
				}
				if o.Call != "dup3" || !strings.HasPrefix(o.Name, "mount.") {
					continue
				}
				for k := range o.Calls() {
					slots++
					if to := o.At(k).Args[1].Value; to < uint64(h.FDBase+plan.FDCount+opened) {
						t.Errorf("%s: %d may be one of %d that the kernel has given", o.Name, to, opened)
					}
				}
			}
			if slots == 0 {
				t.Error("no descriptor is numbered")
			}
		})
	}
}

// manyBinds is a root of an overlay and very many files.
func manyBinds() *tree.Layout {
	l := wholeTree()
	for i := range 300 {
		path := fmt.Sprintf("/zoo/%03d", i)
		l.Entries = append(l.Entries,
			tree.Entry{Kind: tree.File, Target: path, Perm: 0o644, Key: "filesystem.root"},
			tree.Entry{Kind: tree.Bind, Target: path, Source: path, Node: node(uint64(100+i), fileType), Options: strict | tree.ReadOnly, Key: "filesystem.root"})
	}
	return l
}

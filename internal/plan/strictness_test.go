package plan_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// restrictions are what a plan takes away from the command, one word each.
func restrictions(l *plan.Plan) map[string]bool {
	words := make(map[string]bool)
	for _, k := range ns.All() {
		if makes(l, k) {
			words["new "+k.String()+" namespace"] = true
		}
	}
	open := make([]bool, 64) // of the descriptors that a test's policy names
	for fd := range open {
		open[fd] = true
	}
	for i := range l.Ops {
		o := &l.Ops[i]
		switch {
		case o.Call == "close_range" && o.Actor == plan.Child:
			for fd := range open {
				if uint64(fd) >= o.Args[0].Value && uint64(fd) <= o.Args[1].Value {
					open[fd] = false
				}
			}
		case o.Name == "caps.drop":
			for _, a := range o.Each {
				words["no "+a.Name+" in bounding"] = true
			}
		case o.Name == "caps.set":
			withheld(words, o.Args[1].Bytes())
		case o.Name == "no-new-privs", o.Name == "caps.securebits", o.Name == "caps.ambient.clear",
			o.Name == "filter", o.Name == "parent-death", o.Name == "mount.private", o.Name == "maps.setgroups", o.Name == "ids.groups":
			words[o.Name] = true
		}
	}
	for fd, still := range open {
		if !still {
			words[fmt.Sprintf("descriptor %d closed", fd)] = true
		}
	}
	for _, c := range caps.All.Caps() {
		if i := l.Index("caps.ambient.raise"); l.Index("caps.ambient.clear") >= 0 && (i < 0 || !raises(&l.Ops[i], c)) {
			words["no "+c.String()+" in ambient"] = true
		}
	}
	return words
}

func raises(o *plan.Op, c caps.Cap) bool {
	return slices.ContainsFunc(o.Each, func(a plan.Arg) bool { return a.Value == uint64(c) })
}

// withheld are the capabilities that capset(2) leaves out of its three sets.
func withheld(words map[string]bool, data []byte) {
	for k, name := range []string{"effective", "permitted", "inheritable"} {
		set := caps.Set(binary.LittleEndian.Uint32(data[4*k:])) | caps.Set(binary.LittleEndian.Uint32(data[12+4*k:]))<<32
		for _, c := range caps.All.Without(set).Caps() {
			words["no "+c.String()+" in "+name] = true
		}
	}
}

// tightenings make a policy stricter, each in one respect.
func tightenings() map[string]func(*policy.Policy) {
	all := map[string]func(*policy.Policy){
		"no new privileges":    func(p *policy.Policy) { p.NewPrivileges = false },
		"setgroups denied":     func(p *policy.Policy) { p.Setgroups = policy.SetgroupsDeny },
		"dies with netjail":    func(p *policy.Policy) { p.Process.OutliveParent = false },
		"lo down":              func(p *policy.Policy) { p.Loopback = policy.Loopback{} },
		"enforced":             func(p *policy.Policy) { p.Audit.Mode = policy.AuditEnforce },
		"fewer descriptors":    func(p *policy.Policy) { p.Process.InheritFDs = p.Process.InheritFDs[:len(p.Process.InheritFDs)/2] },
		"capabilities pinned":  func(p *policy.Policy) { p.Capabilities.Host = false },
		"no capability at all": func(p *policy.Policy) { p.Capabilities = policy.Capabilities{} },
		"a hostname":           func(p *policy.Policy) { p.Process.Hostname = "jail" },
		"the caller's ids": func(p *policy.Policy) {
			p.UIDMappings, p.GIDMappings = policy.Mappings{}, policy.Mappings{}
		},
	}
	for _, k := range ns.All() {
		all["new "+k.String()+" namespace"] = func(p *policy.Policy) { p.Namespaces[k] = policy.NamespaceNew }
	}
	for _, k := range caps.Kinds() {
		all["fewer "+k.String()] = func(p *policy.Policy) {
			s := p.Capabilities.Sets
			p.Capabilities.Sets = s.With(k, s.Get(k).Without(caps.Of(caps.NetBindService, caps.Chown)))
		}
	}
	return all
}

// TestTightening: a stricter policy's plan takes away all that the laxer one's
// does.
func TestTightening(t *testing.T) {
	lax := func(p *policy.Policy) *policy.Policy {
		p.NewPrivileges, p.Process.OutliveParent = true, true
		p.Process.InheritFDs = []int{0, 1, 2, 3, 9, 33}
		p.Audit.Mode = policy.AuditReport
		p.Sockets = policy.Sockets{HostFamilies: true, Unix: policy.UnixHost} // a filter needs no_new_privs
		p.NestedUserNamespaces = policy.NestingAllow
		p.Process.Terminal = policy.TerminalHost
		return p
	}
	starts := map[string]*policy.Policy{
		"audit-only": lax(bundled(t, "audit-only")), "minimal": bundled(t, "minimal"), "base": bundled(t, "base"),
		"plain": plain(t), "full": full(t), "lax": lax(full(t)),
	}
	compared := 0
	for from, p := range starts {
		for how, tighten := range tightenings() {
			for _, h := range hosts {
				stricter := *p
				tighten(&stricter)
				before, err := plan.Build(p, h.host(), command(), plan.Options{})
				if err != nil {
					t.Fatalf("%s as %s: %v", from, h.name, err)
				}
				after, err := plan.Build(&stricter, h.host(), command(), plan.Options{})
				if err != nil {
					continue // a refusal takes away most
				}
				compared++
				lost(t, from+" with "+how+" as "+h.name, restrictions(before), restrictions(after))
			}
		}
	}
	if compared < 150 {
		t.Errorf("compared only %d pairs", compared)
	}
}

// lost reports what the laxer plan takes away and the stricter one does not.
func lost(t *testing.T, name string, lax, strict map[string]bool) {
	t.Helper()
	for word := range lax {
		if !strict[word] {
			t.Errorf("%s: no longer %q", name, word)
		}
	}
}

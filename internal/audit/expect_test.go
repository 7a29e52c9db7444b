package audit

import (
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

func TestNewExpect(t *testing.T) {
	p := &policy.Policy{Process: policy.Process{InheritFDs: []int{0, 1, 2}}}
	h := &plan.Host{Groups: []uint32{27}, Hostname: "box", LastCap: 40, FDBase: 20}
	l := &plan.Plan{UIDMap: []plan.MapLine{{Inside: 1, Outside: 2, Size: 3}}, UID: 1, GID: 4}
	x := NewExpect(p, h, l)
	if !slices.Equal(x.UIDMap, []evidence.IDMapLine{{Inside: 1, Outside: 2, Size: 3}}) || len(x.GIDMap) != 0 {
		t.Errorf("maps %v %v", x.UIDMap, x.GIDMap)
	}
	if x.UID != 1 || x.GID != 4 || x.Hostname != "box" || x.LastCap != 40 || !slices.Equal(x.Groups, h.Groups) {
		t.Errorf("%+v", x)
	}
	if !slices.Equal(x.InheritFDs, []int{0, 1, 2}) || !slices.Equal(x.GateFDs, []int{20 + int(plan.FDGate)}) {
		t.Errorf("descriptors %v %v", x.InheritFDs, x.GateFDs)
	}
	p.Process.Hostname, l.DropsGroups = "jail", true
	if x := NewExpect(p, h, l); x.Hostname != "jail" || x.Groups != nil {
		t.Errorf("%+v", x)
	}
}

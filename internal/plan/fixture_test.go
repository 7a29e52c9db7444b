package plan_test

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/plan"
)

// ordinaryUser is a host as an ordinary user sees it.
func ordinaryUser() *plan.Host {
	return &plan.Host{
		PID: 4711, UID: 1000, GID: 100, Groups: []uint32{100, 27}, Hostname: "box",
		LastCap: int(caps.Last), FDBase: 40, NoFile: plan.Limit{Soft: 1024, Hard: 524288},
	}
}

// root is the same host as root sees it.
func root() *plan.Host {
	h := ordinaryUser()
	h.UID, h.GID, h.Groups, h.Caps = 0, 0, []uint32{0}, caps.All
	h.RootRange = plan.Range{First: 0x70000000, Size: 65536}
	return h
}

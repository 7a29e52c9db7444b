package audit

import "github.com/netjail/netjail/internal/evidence"

var idsUIDMap = Rule{
	ID:       "ids.uid-map",
	Proves:   "The user namespace maps exactly the uids that the profile declares.",
	Evidence: "/proc/self/uid_map read by the jailed process, /proc/PID/uid_map read by netjail",
	Control:  "none needed: the kernel's own copy is read back by two readers",
	Remedy:   "the map was not written as planned; compare `netjail plan` with uidMappings",
	Key:      "uidMappings",
	Judge:    judgeUIDMap,
}

func judgeUIDMap(c *Case) Finding {
	e := c.Evidence
	return judgeMap(c, c.Expect.UIDMap, reading[[]evidence.IDMapLine]{
		inside:  e.Inside.UIDMap,
		outside: e.Outside.UIDMap,
		after: afterFact(c, func(p *evidence.Process) evidence.Fact[[]evidence.IDMapLine] {
			return p.UIDMap
		}),
	})
}

package audit

import "github.com/netjail/netjail/internal/evidence"

var idsGIDMap = Rule{
	ID:       "ids.gid-map",
	Proves:   "The user namespace maps exactly the gids that the profile declares.",
	Evidence: "/proc/self/gid_map read by the jailed process, /proc/PID/gid_map read by netjail",
	Control:  "none needed: the kernel's own copy is read back by two readers",
	Remedy:   "the map was not written as planned; compare `netjail plan` with gidMappings",
	Key:      "gidMappings",
	Judge:    judgeGIDMap,
}

func judgeGIDMap(c *Case) Finding {
	e := c.Evidence
	return judgeMap(c, c.Expect.GIDMap, reading[[]evidence.IDMapLine]{
		inside:  e.Inside.GIDMap,
		outside: e.Outside.GIDMap,
		after: afterFact(c, func(p *evidence.Process) evidence.Fact[[]evidence.IDMapLine] {
			return p.GIDMap
		}),
	})
}

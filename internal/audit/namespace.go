package audit

import (
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// The parts that the eight rules about namespaces have in common.
const (
	nsEvidence = "readlink(2) of /proc/self/ns by the jailed process, stat(2) of /proc/PID/ns and of /proc/self/ns by netjail"
	nsControl  = "none needed: two readers must name the same namespace, and netjail's own is read the same way"
)

// judgeNamespace compares the identity of one namespace as both sides name it
// with netjail's own.
func judgeNamespace(c *Case, k ns.Kind) Finding {
	f := Finding{Expected: c.expectedNamespace(k)}
	own := c.Evidence.Before.Namespaces[k]
	id, ok := c.namespace(k).fold(&f)
	if !ok {
		return f
	}
	f.Found = nsLink(k, id)
	if why := missing(own); why != "" {
		return f.unknown("netjail's own: " + why)
	}
	if id == 0 || own.Value == 0 {
		return f.unknown("0 is no namespace")
	}
	return c.compareNamespace(f, k, id, own.Value)
}

func (c *Case) compareNamespace(f Finding, k ns.Kind, id, own evidence.NamespaceID) Finding {
	switch {
	case c.Policy.New(k) && id == own:
		return f.fail("it is netjail's own namespace")
	case c.Policy.New(k):
		f.Found += ", netjail's is " + nsLink(k, own)
		return f.pass()
	case c.joins(k):
		return c.compareJoined(f, k, id, own)
	case id != own:
		f.Found += ", netjail's is " + nsLink(k, own)
		return f.fail("declared as shared, and it is not netjail's own")
	}
	if why := c.Expect.Degraded[k]; why != "" {
		return f.declared("degraded: the profile prefers a new one; " + why)
	}
	return f.declared("namespaces." + k.String() + " is host")
}

// compareJoined compares the identity with that of the file that the profile
// names. Who else lives there is not known.
func (c *Case) compareJoined(f Finding, k ns.Kind, id, own evidence.NamespaceID) Finding {
	switch want := c.Expect.Joined[k]; {
	case want == 0:
		return f.unknown("nobody said which namespace is to be joined")
	case id == own:
		return f.fail("it is netjail's own namespace")
	case id != want:
		return f.fail("it is another than the one that the profile names")
	}
	return f.declared("namespaces." + k.String() + " is joined: the command shares it with whoever else is in " + c.Policy.Joined[k])
}

func (c *Case) expectedNamespace(k ns.Kind) string {
	switch {
	case c.Policy.New(k):
		return "new"
	case c.joins(k):
		return "joined, " + nsLink(k, c.Expect.Joined[k])
	}
	return "host"
}

// namespace is the identity of one namespace of the jailed process.
func (c *Case) namespace(k ns.Kind) reading[evidence.NamespaceID] {
	e := c.Evidence
	r := reading[evidence.NamespaceID]{
		inside:  e.Inside.Namespaces[k],
		outside: e.Outside.Namespaces[k],
		same:    equal[evidence.NamespaceID],
		text:    func(id evidence.NamespaceID) string { return nsLink(k, id) },
	}
	if e.AfterExec != nil {
		r.after = &e.AfterExec.Namespaces[k]
	}
	return r
}

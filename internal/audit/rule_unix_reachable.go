package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

var unixReachable = Rule{
	ID:       "unix.reachable",
	Proves:   "Nobody on the host is known to listen on a socket below a directory that the command shares with the host. Whoever does so later is in reach: a plain mount shows the host's own inodes, and nothing that an ordinary user can do closes them.",
	Evidence: "the names in /proc/net/unix of netjail's network namespace, at every start; every name below the shared directories, in a full audit; connect(2) of a datagram socket by netjail, which tells a live socket from a dead one and sends nothing",
	Control:  "none needed: what is found is found, and that nothing is found is not a pass",
	Remedy:   "name the socket in sockets.unix: {allow: […]}, move it out of the shared directory, or set sockets.unix to deny",
	Key:      "sockets.unix",
	Judge:    (*Case).reachable,
}

// reachable judges once for all who ask.
func (c *Case) reachable() Finding {
	if c.reached == nil {
		f := c.judgeReachable()
		c.reached = &f
	}
	return *c.reached
}

func (c *Case) judgeReachable() Finding {
	f := Finding{Expected: "no socket of the host"}
	switch {
	case c.Policy.Sockets.Unix == policy.UnixHost:
		f.Expected = "any"
		return f.declared("sockets.unix is host: what the caller can connect to, the command can")
	case c.Policy.Sockets.Unix == policy.UnixDeny:
		return Finding{Verdict: NotApplicable, Note: "sockets.unix is deny: there is no socket to connect with"}
	case c.joins(ns.Mount):
		f.Expected = "any"
		return f.declared("namespaces.mount is joined: who listens on a socket among its files, no key says")
	case len(c.Expect.reach.Shared) == 0:
		f.Side, f.Found, f.Source = SideOutside, "no path is shared with the host", "the plan"
		return f.pass()
	}
	s := c.Evidence.Shared
	if s == nil {
		return f.unknown("nobody looked")
	}
	f.Side, f.Source = SideOutside, s.Named.Source
	if why := missing(s.Named); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	if why := missing(s.Walked); why != "" && c.Evidence.Full {
		return f.unknown(why)
	}
	return c.judgeEndpoints(f, s)
}

// judgeEndpoints judges what was found below the shared paths.
func (c *Case) judgeEndpoints(f Finding, s *evidence.Shared) Finding {
	if s.Walked.Known {
		f.Source += ", " + s.Walked.Source
	}
	found := c.endpoints(s)
	if alive := paths(found, evidence.AnswerAlive); len(alive) > 0 {
		f.Found = "in reach: " + some(alive)
		return f.fail("somebody listens there")
	}
	if unsure := paths(found, evidence.AnswerUnknown); len(unsure) > 0 {
		f.Found = "perhaps in reach: " + some(unsure)
		return f.unknown("whether somebody listens there could not be told")
	}
	f.Found = "nobody listens below " + list(c.Expect.reach.Shared) + told(s)
	return f.declared("these paths are shared with the host: a socket that is bound there later will answer")
}

// told is how far the search went.
func told(s *evidence.Shared) string {
	if !s.Walked.Known {
		text := ", as far as /proc/net/unix names it"
		if s.Relative > 0 {
			text += "; " + number(s.Relative) + " names in it are relative, and could lie anywhere"
		}
		return text
	}
	w := &s.Walked.Value
	text := "; " + number(w.Files) + " names looked at"
	if w.Cut {
		text += ", and no more"
	}
	if w.Closed > 0 {
		text += "; directories not looked at: " + number(w.Closed)
	}
	return text
}

// endpoints are the sockets that the command sees and the profile does not name,
// netjail's own apart.
func (c *Case) endpoints(s *evidence.Shared) []evidence.Endpoint {
	var seen []evidence.Endpoint
	for _, e := range slices.Concat(s.Named.Value, s.Walked.Value.Endpoints) {
		again := slices.ContainsFunc(seen, func(x evidence.Endpoint) bool { return x.Path == e.Path })
		if !e.FIFO && !again && !c.expected(e.Path) && c.Expect.reach.shows(e.Path) {
			seen = append(seen, e)
		}
	}
	return seen
}

// expected says whether a socket is one that the profile names, or a lure.
func (c *Case) expected(path string) bool {
	return slices.Contains(c.Expect.reach.Allowed, path) ||
		slices.ContainsFunc(c.Evidence.Unix, func(l evidence.UnixListener) bool { return l.Name == path })
}

// fifos is what a full audit has seen of FIFOs below the shared paths, as an
// ending of a text about those.
func (c *Case) fifos() string {
	s := c.Evidence.Shared
	if s == nil || !s.Walked.Known {
		return ""
	}
	var names []string
	for _, e := range s.Walked.Value.Endpoints {
		if e.FIFO && c.Expect.reach.shows(e.Path) {
			names = append(names, e.Path)
		}
	}
	return "; FIFOs there: " + some(names) + told(s)
}

// paths are those of the endpoints that answered so.
func paths(list []evidence.Endpoint, a evidence.Answer) []string {
	var names []string
	for i := range list {
		if list[i].Answer == a {
			names = append(names, list[i].Path)
		}
	}
	return names
}

// some is a list of which only the first few are named.
func some(names []string) string {
	const few = 8
	if len(names) <= few {
		return list(names)
	}
	return list(names[:few]) + " and " + number(len(names)-few) + " more"
}

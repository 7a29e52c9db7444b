package audit

import (
	"path"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/policy"
)

var escapeUnix = Rule{
	ID:       "escape.unix",
	Proves:   "No socket that netjail bound to a path of the host is reached at that path: not in /tmp, /run, /opt and /dev/shm, not in the home and the working directory, whether it was bound before the start or when the mounts were made. The mounts alone are tried, before the filter is loaded, so that this holds whatever the filter says of sockets.",
	Evidence: unixEvidence,
	Control:  unixControl,
	Remedy:   "set filesystem.root to system or readonly, or sockets.unix to deny",
	Key:      "sockets.unix",
	Judge:    func(c *Case) Finding { return judgeLures(c, false) },
}

const (
	unixEvidence = "connect(2) by the jailed process to sockets that netjail listens on for this try; netjail counts what arrives from that process"
	unixControl  = "netjail's own connection arrives, and the jailed process connects to sockets of its own, by an abstract name and, where the jail has a directory in memory, by a path"
)

// judgeLures judges the attempts at those of netjail's sockets that are bound to
// paths, or at those that are not.
func judgeLures(c *Case, abstract bool) Finding {
	f := Finding{Expected: "refused"}
	if c.Policy.Sockets.Unix == policy.UnixHost && (!abstract || !c.ownNetwork()) {
		f.Expected = "any"
		return f.declared("sockets.unix is host: what the caller can connect to, the command can")
	}
	if !c.Evidence.Full {
		f.Scope = NotAttempted
		return f.unknown("not attempted in this run")
	}
	lures, tries := c.Evidence.Unix, c.Evidence.Inside.Unix
	if len(lures) != len(tries) {
		return f.unknown("netjail bound " + number(len(lures)) + " sockets, and the jailed process tried " + number(len(tries)))
	}
	var all outcomes
	tried := f.unknown("netjail bound no such socket")
	for i := range lures {
		if lures[i].Abstract != abstract || !abstract && c.Expect.reach.shares(lures[i].Name) {
			continue // what is shared is in reach on purpose: unix.reachable
		}
		if tried = c.judgeLure(f, &lures[i], tries[i]); tried.Verdict != Pass {
			return tried
		}
		all.add(place(&lures[i]), tried.Found)
	}
	tried.Found = all.text()
	return tried
}

// place is where a lure lies: its own name means nothing.
func place(l *evidence.UnixListener) string {
	if l.Abstract {
		return "an abstract name"
	}
	if l.Late {
		return path.Dir(l.Name) + " (bound behind the start)"
	}
	return path.Dir(l.Name)
}

// outcomes are what was found at several places; those with the same outcome
// stand together.
type outcomes []struct {
	places []string
	found  string
}

func (o *outcomes) add(place, found string) {
	for i := range *o {
		if (*o)[i].found == found {
			(*o)[i].places = append((*o)[i].places, place)
			return
		}
	}
	*o = append(*o, struct {
		places []string
		found  string
	}{[]string{place}, found})
}

func (o outcomes) text() string {
	parts := make([]string, len(o))
	for i := range o {
		parts[i] = list(o[i].places) + ": " + o[i].found
	}
	return strings.Join(parts, "; ")
}

// judgeLure judges the attempt at one socket.
func (c *Case) judgeLure(f Finding, l *evidence.UnixListener, try evidence.Fact[evidence.Attempt]) Finding {
	if l.Reached > 0 || try.Known && try.Value.Succeeded {
		f.Side, f.Source, f.Found = SideBoth, try.Source, place(l)+": a socket was reached"
		if c.Policy.Sockets.Unix != policy.UnixDeny {
			return f.fail("a socket of the host is in reach")
		}
		if l.Reached == 0 {
			return f.unknown("the process says so, and nobody arrived")
		}
		// Mounts and namespaces let it through. What the filter does to the
		// command's sockets is what the probes tell.
		f.Found = "reached before the filter was loaded; "
		return c.judgeProbes(f, groupUnix)
	}
	if !l.Control {
		return f.unknown(place(l) + ": netjail's own connection did not arrive, so the probe is dead")
	}
	return judgeAttempt(f, try, []string{"ECONNREFUSED", "ENOENT", "ENOTDIR", "EACCES", "EPERM"})
}

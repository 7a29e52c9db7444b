package audit

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/seccomp"
)

// What the rules about the system call filter have in common.
const (
	filterEvidence = "the calls themselves, made by the jailed process under the filter, with arguments to which the kernel alone would give another answer"
	filterControl  = "neighbours of the refused calls that the filter must let through, and the mode from both sides (seccomp.filter)"
)

// probeGroup says which rule a probe belongs to, beside seccomp.filter.
type probeGroup uint8

const (
	groupAny probeGroup = iota
	groupFamily
	groupUnix
	groupNested
	groupSetID
	groupKeys
)

// setIDProbes are the attempts to give a file a set-ID bit, and their controls.
// openat2 is among them: it could make such a file, and hides the mode.
var setIDProbes = [...]string{
	"chmod", "fchmod", "fchmodat", "fchmodat2", "open", "openat", "openat.tmpfile", "openat2", "creat", "mknod", "mknodat",
	"control.fchmod", "control.openat",
}

// groupOf tells it from the probe's name.
func groupOf(name string) probeGroup {
	switch {
	case strings.HasPrefix(name, "socket.unix"), strings.HasPrefix(name, "socketpair."), strings.HasPrefix(name, "control.unix."):
		return groupUnix
	case strings.HasPrefix(name, "socket."):
		return groupFamily
	case name == "clone3", name == "setns", strings.HasPrefix(name, "clone."), strings.HasPrefix(name, "unshare."):
		return groupNested
	case name == "add_key", name == "request_key", name == "keyctl":
		return groupKeys
	case slices.Contains(setIDProbes[:], name):
		return groupSetID
	}
	return groupAny
}

// judgeProbes judges the filter's probes of one group, or all of them: each must
// have got exactly the answer that the filter gives.
func (c *Case) judgeProbes(f Finding, group probeGroup) Finding {
	got := c.Evidence.Inside.Probes
	f.Side, f.Source = SideInside, got.Source
	if why := missing(got); why != "" {
		f.Side = SideNone
		return f.unknown(why)
	}
	tried := 0
	probes := c.filterProbes()
	for i := range probes {
		want := &probes[i]
		if want.Number[c.Expect.Arch] < 0 || group != groupAny && groupOf(want.Name) != group {
			continue
		}
		answer, ok := answerTo(got.Value, want.Name)
		if !ok {
			return f.unknown(want.Name + " was not tried")
		}
		if answer != errnoOf(want) {
			f.Found = want.Call + ": " + orSuccess(answer) + " instead of " + orSuccess(errnoOf(want))
			return f.fail("the filter did not answer as it should")
		}
		tried++
	}
	if tried == 0 {
		return f.unknown("nothing was tried")
	}
	f.Found += number(tried) + " calls answered by the filter as they should be"
	return f.pass()
}

// errnoOf is the name of the answer that a probe is to get; empty for success.
func errnoOf(p *seccomp.Probe) string {
	if p.Errno == 0 {
		return ""
	}
	return p.Errno.String()
}

func answerTo(probes []evidence.Probe, name string) (errno string, ok bool) {
	for i := range probes {
		if probes[i].Name == name {
			return probes[i].Errno, true
		}
	}
	return "", false
}

func orSuccess(errno string) string {
	if errno == "" {
		return "success"
	}
	return errno
}

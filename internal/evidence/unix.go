package evidence

import (
	"syscall"

	"github.com/netjail/netjail/internal/plan"
)

// UnixListener is one of netjail's canaries among the unix sockets of the host.
type UnixListener struct {
	// Name is a path or, where Abstract is set, an abstract name.
	Name     string
	Abstract bool
	// Late says that it was bound when the jailed process had its mounts.
	Late bool
	// Control is true where netjail's own connection arrived.
	Control bool
	// Reached is the number of connections that the jail's process made.
	Reached int
}

const callUnix = "connect(2) to a unix socket"

// Errnos by which the kernel says that a name leads nowhere, or nowhere where
// anybody listens.
var refusesUnix = []syscall.Errno{syscall.ECONNREFUSED, syscall.ENOENT, syscall.ENOTDIR, syscall.EPERM, syscall.EACCES}

// unix combines the connections to netjail's canaries with their controls, in
// the order of plan.Options.Unix. Package audit knows which name is which.
func (t *table) unix() []Fact[Attempt] {
	var list []Fact[Attempt]
	for {
		f := plan.FactUnix(len(list))
		if len(t.all(f)) == 0 {
			return list
		}
		list = append(list, t.unixAttempt(f))
	}
}

func (t *table) unixAttempt(f plan.Fact) Fact[Attempt] {
	r, err := t.done(f)
	if err != nil {
		return Unknown[Attempt](callUnix, err.Error())
	}
	control, err := t.done(plan.FactUnixControl)
	if err != nil {
		return Unknown[Attempt](callUnix, "control: "+err.Error())
	}
	source := cite(callUnix, r) + ", control " + cite("connect(2)", control)
	held := control.Result == 0
	if len(t.all(plan.FactUnixPathControl)) > 0 {
		path, err := t.done(plan.FactUnixPathControl)
		if err != nil {
			return Unknown[Attempt](callUnix, "control: "+err.Error())
		}
		source += " and " + cite("connect(2)", path)
		held = held && path.Result == 0
	}
	return attempt(r, held, refusesUnix, source)
}

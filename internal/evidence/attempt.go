package evidence

import (
	"slices"
	"syscall"

	"github.com/netjail/netjail/internal/plan"
)

const (
	callSetnsFD   = "setns(2) by descriptor"
	callSetnsProc = "setns(2) by /proc"
	callConnect   = "connect(2)"
)

// Errnos by which the kernel, a security module or a filter refuses. Any other
// errno says that the probe was broken, which is not a refusal.
var (
	refusesOpen  = []syscall.Errno{syscall.ENOENT, syscall.EACCES, syscall.EPERM}
	refusesSetns = []syscall.Errno{syscall.EPERM, syscall.EACCES, syscall.ENOSYS}

	// EINPROGRESS is what a socket that does not block says before the refusal,
	// or the acceptance, has come back.
	refusesConnect = []syscall.Errno{
		syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ECONNREFUSED, syscall.ENETDOWN, syscall.EHOSTDOWN,
		syscall.EADDRNOTAVAIL, syscall.ETIMEDOUT, syscall.EPERM, syscall.EACCES, syscall.ENOSYS, syscall.EINPROGRESS,
	}
)

// setnsFD combines the attempt by descriptor with its control.
func (t *table) setnsFD() Fact[Attempt] {
	r, err := t.done(plan.FactSetnsFD)
	if err != nil {
		return Unknown[Attempt](callSetnsFD, err.Error())
	}
	return t.setns(callSetnsFD, r, refusesSetns)
}

// setnsProc combines the attempt by /proc with its control. Where the file
// cannot even be opened, that is the refusal.
func (t *table) setnsProc() Fact[Attempt] {
	open, err := t.done(plan.FactSetnsProcOpen)
	if err != nil {
		return Unknown[Attempt](callSetnsProc, "open: "+err.Error())
	}
	if open.Result < 0 {
		return t.setns("openat(2)", open, refusesOpen)
	}
	r, err := t.done(plan.FactSetnsProc)
	if err != nil {
		return Unknown[Attempt](callSetnsProc, err.Error())
	}
	return t.setns(callSetnsProc, r, refusesSetns)
}

// setns combines one answer with the control that both attempts share: setns(2)
// into the jail's own network namespace.
func (t *table) setns(call string, r *plan.Reading, refuses []syscall.Errno) Fact[Attempt] {
	control, err := t.done(plan.FactSetnsControl)
	if err != nil {
		return Unknown[Attempt](call, "control: "+err.Error())
	}
	source := cite(call, r) + ", control " + cite("setns(2)", control)
	return attempt(r, control.Result == 0, refuses, source)
}

// signal combines the attempt to signal pid 1 with its control.
func (t *table) signal() Fact[Attempt] {
	const call = "kill(2) of pid 1"
	r, err := t.done(plan.FactSignal)
	if err != nil {
		return Unknown[Attempt](call, err.Error())
	}
	control, err := t.done(plan.FactSignalControl)
	if err != nil {
		return Unknown[Attempt](call, "control: "+err.Error())
	}
	source := cite(call, r) + ", control " + cite(call, control)
	return attempt(r, control.Result == 0, []syscall.Errno{syscall.EPERM}, source)
}

// connect combines the connection with its control, the socket. Where there is
// no socket to connect, the errno is socket(2)'s.
func (t *table) connect() Fact[Attempt] {
	socket, err := t.done(plan.FactConnectSocket)
	if err != nil {
		return Unknown[Attempt](callConnect, "control: "+err.Error())
	}
	if socket.Result < 0 {
		return Known(Attempt{Errno: errnoName(-socket.Result)}, cite("socket(2)", socket))
	}
	r, err := t.done(plan.FactConnect)
	if err != nil {
		return Unknown[Attempt](callConnect, err.Error())
	}
	source := cite(callConnect, r) + ", control " + cite("socket(2)", socket)
	return attempt(r, true, refusesConnect, source)
}

// attempt judges an answer, whether or not its control held: an attempt that
// succeeded counts even beside a control that failed.
func attempt(r *plan.Reading, control bool, refuses []syscall.Errno, source string) Fact[Attempt] {
	switch {
	case r.Result == 0:
		return Known(Attempt{Control: control, Succeeded: true}, source)
	case r.Result > 0:
		return Unknown[Attempt](source, outOfRange(r).Error())
	case slices.Contains(refuses, syscall.Errno(-r.Result)):
		return Known(Attempt{Control: control, Errno: errnoName(-r.Result)}, source)
	}
	return Unknown[Attempt](source, "the probe itself is broken: "+errnoName(-r.Result))
}

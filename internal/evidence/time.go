package evidence

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// timeForChildren is the link that says which time namespace a process enters
// with its next execve(2), as its children do when they are made: unshare(2) does
// not move the caller itself. Source: time_namespaces(7).
const timeForChildren = "time_for_children"

// pidForChildren is the link that says in which pid namespace a process makes others:
// setns(2) does not move the caller itself. Source: pid_namespaces(7).
const pidForChildren = "pid_for_children"

// NoNamespace is what is known of the time namespace on a kernel that has none
// (CONFIG_TIME_NS).
const NoNamespace NamespaceID = 0

// pidNamespace is the pid namespace as the child read it: the one that it is in or,
// where it makes the command in another, that.
func (t *table) pidNamespace() Fact[NamespaceID] {
	if len(t.all(plan.FactNextPID)) > 0 {
		return fromReading(t, plan.FactNextPID, "/proc/self/ns/"+pidForChildren, bufferNSLink(ns.PID))
	}
	return fromReading(t, plan.FactNamespace(ns.PID), "/proc/self/ns/"+ns.PID.Link(), bufferNSLink(ns.PID))
}

// timeNamespace is the time namespace as the child read it: the one that it is
// in or, where it has unshared it, the one that the command will be in.
func (t *table) timeNamespace() Fact[NamespaceID] {
	fact, call := plan.FactNamespace(ns.Time), "/proc/self/ns/"+ns.Time.Link()
	if len(t.all(plan.FactNextTime)) > 0 {
		fact, call = plan.FactNextTime, "/proc/self/ns/"+timeForChildren
	}
	if r, err := t.done(fact); err == nil && r.Result == -int64(unix.ENOENT) {
		return Known(NoNamespace, cite(call, r)+": ENOENT")
	}
	return fromReading(t, fact, call, bufferNSLink(ns.Time))
}

// Clocks are the offsets of a time namespace: how far its monotonic and its
// boot-time clock are ahead of the machine's.
type Clocks struct{ Monotonic, Boottime Offset }

// Offset is a time in seconds and nanoseconds; the nanoseconds are not negative.
type Offset struct{ Seconds, Nanoseconds int64 }

// String is the offset with its sign, in seconds.
func (o Offset) String() string {
	s, n := o.Seconds, o.Nanoseconds
	sign := "+"
	if s < 0 {
		sign, s = "-", -s
		if n > 0 {
			s, n = s-1, 1e9-n
		}
	}
	if n == 0 {
		return sign + strconv.FormatInt(s, 10) + "s"
	}
	return fmt.Sprintf("%s%d.%09ds", sign, s, n)
}

// String names both clocks.
func (c Clocks) String() string {
	return "monotonic " + c.Monotonic.String() + ", boottime " + c.Boottime.String()
}

// clocksFile is the file below /proc/PID that tells them, of the namespace that
// the process's children are to be in: setns(2) makes that the process's own.
const clocksFile = "timens_offsets"

// parseClocks reads the text of timens_offsets: of each of the two clocks, in this
// order, its name, seconds and nanoseconds. Source: time_namespaces(7).
func parseClocks(text []byte) (Clocks, error) {
	var c Clocks
	all := [...]struct {
		name string
		to   *Offset
	}{{"monotonic", &c.Monotonic}, {"boottime", &c.Boottime}}
	n := 0
	err := eachLine(text, func(line []byte) error {
		var field [3][]byte
		if n == len(all) || !fields(field[:], line) || string(field[0]) != all[n].name {
			return fmt.Errorf("%q is not the offset of a clock", line)
		}
		seconds, err := strconv.ParseInt(string(field[1]), 10, 64)
		nanoseconds, err2 := strconv.ParseUint(string(field[2]), 10, 30)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		*all[n].to = Offset{seconds, int64(nanoseconds)}
		n++
		return nil
	})
	if err == nil && n < len(all) {
		err = fmt.Errorf("%q is not the offsets of two clocks", text)
	}
	return c, err
}

// bufferClocks decodes what the child read of its own.
func bufferClocks(r *plan.Reading) (Clocks, error) {
	b, err := text(r)
	if err != nil {
		return Clocks{}, err
	}
	return parseClocks(b)
}

package runner

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// deeds does the parent's ops that stand behind the named op of the child's.
func (r *run) deeds(behind string) error {
	i := r.plan.Index(behind)
	for i++; i > 0 && i < len(r.plan.Ops) && r.plan.Ops[i].Actor == plan.Parent; i++ {
		if err := r.deed(&r.plan.Ops[i]); err != nil {
			return r.deedError(i, err)
		}
	}
	return nil
}

func (r *run) deed(o *plan.Op) error {
	switch o.Call {
	case plan.Pretend:
		return nil
	case plan.DeedCompareNamespaces:
		return r.compareNamespaces()
	case plan.DeedWriteFile:
		return r.writeFile(o.Args[0].Name, o.Args[1].Bytes())
	case plan.DeedRunMapper:
		return r.runMapper(o.Args[0].Name, o.Args[1].Bytes())
	case plan.DeedStartTimer:
		return r.startTimer(time.Duration(o.Args[0].Value) * time.Second)
	case plan.DeedTakeTerminal:
		return r.takeTerminal()
	case plan.DeedLook:
		return r.collect()
	case plan.DeedAudit:
		if r.entered {
			return r.collectEntered()
		}
		return r.collect()
	case plan.DeedLate:
		return r.makeLate()
	case plan.DeedMakeUsers:
		return r.makeUsers(o.Args[0].Bytes(), o.Args[1].Bytes(), int(o.Args[2].Value))
	}
	return errors.New("the parent does not know this deed")
}

// deedError is a StepError for what the parent did.
func (r *run) deedError(i int, err error) error {
	e := &StepError{Index: i, Op: &r.plan.Ops[i]}
	if errors.As(err, &e.Errno) {
		return e
	}
	return fmt.Errorf("step %d, %s: %w", i, r.plan.Ops[i].Name, err)
}

// writeFile writes one file below /proc of the child, in one write(2), as
// uid_map demands.
func (r *run) writeFile(path string, content []byte) error {
	path = strings.Replace(path, "<child>", fmt.Sprint(r.pid), 1)
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	_, err = unix.Write(fd, content)
	return errors.Join(err, unix.Close(fd))
}

// compareNamespaces finds a clone that claims more than it did. In a new user
// namespace the child has no power over any namespace that is not owned by it,
// so that one comparison makes the steps ahead harmless, and the audit reads the
// others; without one, or where a namespace is joined, each counts.
func (r *run) compareNamespaces() error {
	for _, k := range ns.All() {
		if k == ns.Time {
			continue // the child makes it later, and the audit looks
		}
		own, its := r.evidence.Before.Namespaces[k], evidence.ReadNamespace(r.pid, k)
		if k == ns.PID && r.enters() {
			its = evidence.ReadNextPID(r.pid)
		}
		if !own.Known || !its.Known {
			return fmt.Errorf("the %s namespace cannot be read: %s%s", k, own.Why, its.Why)
		}
		if joined := evidence.NamespaceID(r.plan.Joined[k]); joined != 0 {
			if its.Value != joined {
				return fmt.Errorf("the child is in the %s namespace %d, where the plan asked for %d: the kernel, or a filter in its place, did not do what it claimed", k, its.Value, joined)
			}
			continue
		}
		if isNew := own.Value != its.Value; isNew != r.isNew(k) {
			return fmt.Errorf("the %s namespace is new: %t, where the plan asked for %t: the kernel, or a filter in its place, did not do what it claimed", k, isNew, r.isNew(k))
		}
		if k == ns.User && r.isNew(k) && !r.plan.Joins() {
			return nil
		}
	}
	return nil
}

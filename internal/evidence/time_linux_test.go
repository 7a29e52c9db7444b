package evidence

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// TestTimeReading: which of the two links a reading was of, and what it says on
// a kernel without time namespaces.
func TestTimeReading(t *testing.T) {
	now, next := textual(plan.FactNamespace(ns.Time), 64, "time:[7]"), textual(plan.FactNextTime, 64, "time:[8]")
	enoent := -int64(syscall.ENOENT)
	for _, c := range []struct {
		name     string
		readings []plan.Reading
		value    NamespaceID
		source   string
		unknown  bool
	}{
		{"the one it is in", []plan.Reading{now}, 7, "/proc/self/ns/time,", false},
		{"the one it will be in", []plan.Reading{next}, 8, "/proc/self/ns/time_for_children,", false},
		{"both: the next counts", []plan.Reading{now, next}, 8, "time_for_children", false},
		{"no such kind", []plan.Reading{answered(plan.FactNamespace(ns.Time), enoent)}, NoNamespace, "ENOENT", false},
		{"another error", []plan.Reading{answered(plan.FactNamespace(ns.Time), -int64(syscall.EACCES))}, 0, "", true},
		{"never reached", []plan.Reading{{Fact: plan.FactNamespace(ns.Time), Result: enoent}}, 0, "", true},
		{"no reading", nil, 0, "", true},
	} {
		f := FromReadings(c.readings, false).Namespaces[ns.Time]
		if f.Known == c.unknown || f.Value != c.value || !strings.Contains(f.Source, c.source) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
	uts := FromReadings([]plan.Reading{answered(plan.FactNamespace(ns.UTS), enoent)}, false).Namespaces[ns.UTS]
	if uts.Known {
		t.Error("every kernel has UTS namespaces, and ENOENT says nothing of them")
	}
}

// TestNextTime lets a thread unshare its time namespace: it stays where it is,
// and the two links differ.
func TestNextTime(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a thread a namespace of its own without a user namespace")
	}
	var a struct {
		now, next NamespaceID
		owner     Owner
		err       error
	}
	jailtest.OnOtherThread(func() {
		if a.err = unix.Unshare(unix.CLONE_NEWTIME); a.err != nil {
			return
		}
		d, err := openProcDir("/proc/thread-self")
		if a.err = err; err != nil {
			return
		}
		defer d.close()
		a.now, a.next = d.namespaces(false, false)[ns.Time].Value, d.namespaces(true, false)[ns.Time].Value
		a.owner = ReadNextTimeOwner(unix.Gettid())
	})
	if a.err != nil {
		require(t, "timens", a.err)
	}
	me := ReadSelf()
	if own := known(t, "time", me.Namespaces[ns.Time]); a.now != own || a.next == own || a.next == NoNamespace {
		t.Errorf("in %d, next %d; the other threads are in %d", a.now, a.next, own)
	}
	if of := known(t, "of", a.owner.Of); of != a.next {
		t.Errorf("the owner of %d was asked for, not of %d", of, a.next)
	}
	if owner := known(t, "owner", a.owner.Owner); owner != me.Namespaces[ns.User].Value {
		t.Errorf("owned by %d", owner)
	}
}

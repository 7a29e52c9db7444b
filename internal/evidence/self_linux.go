package evidence

import (
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// ReadSelf reads the identity of the calling thread: ids and capabilities by
// system calls, namespaces below /proc/thread-self. /proc/self is the leader's,
// and threads can differ. Of the capabilities it reads the three sets that
// capget(2) tells: netjail never touches its own bounding and ambient sets.
//
// Preconditions: a caller that has changed one thread has locked it.
func ReadSelf() Self {
	ruid, euid, suid := unix.Getresuid()
	rgid, egid, sgid := unix.Getresgid()
	sets, err := caps.Capget()
	return Self{
		UIDs:       Known(IDs{uint32(ruid), uint32(euid), uint32(suid)}, "getresuid(2)"),
		GIDs:       Known(IDs{uint32(rgid), uint32(egid), uint32(sgid)}, "getresgid(2)"),
		Caps:       factOf(sets, err, "capget(2)"),
		Namespaces: threadNamespaces(),
		ProcDevice: procDevice(),
		Umask:      umask(),
	}
}

// umask is the calling process's. It can only be asked for by setting another
// one, for which none is right that opens more.
func umask() Fact[uint32] {
	own := unix.Umask(0o777)
	unix.Umask(own)
	return Known(uint32(own), "umask(2)")
}

func threadNamespaces() [ns.Count]Fact[NamespaceID] {
	d, err := openProcDir("/proc/thread-self")
	if err != nil {
		var ids [ns.Count]Fact[NamespaceID]
		for k := range ids {
			ids[k] = Unknown[NamespaceID]("/proc/thread-self", whyNot(err))
		}
		return ids
	}
	defer d.close()
	return d.namespaces(false, false)
}

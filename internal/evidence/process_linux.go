package evidence

import (
	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// Options choose what ReadProcess reads beside /proc/PID/status: each of them
// costs between 20 and 100 microseconds, and `netjail run` pays for every one.
type Options struct {
	IDMaps     bool // UIDMap, GIDMap, Setgroups; without them Dumpable is seldom known
	Namespaces bool
	// NextTime reads, as the time namespace, the one that the process enters with
	// its next execve(2).
	NextTime bool
	// NextPID reads, as the pid namespace, the one that the process's children are in.
	NextPID bool
	Clocks  bool
	Owners  bool
	// SkipOwner are kinds whose owner does not matter, such as a namespace that
	// is shared with the caller: an owner costs as much as all links together.
	SkipOwner [ns.Count]bool
	FDs       bool
	Session   bool
	Network   bool // five files or more
	Mounts    bool // Root and Cwd with them
	Limits    bool
	Environ   bool
	// Files are paths to look at, as the process itself names them.
	Files []string
	// Capget is the second source of Caps, asked where it is not nil.
	Capget CapReader
}

// CapReader reads a process's five sets, as library.OfProcess does through
// gocapability.
type CapReader func(pid int) (caps.Sets, error)

const (
	whyNotAsked = "not asked for"
	whyEnded    = "the process has ended"
)

// ReadProcess reads what the kernel says of a live process, the leader of its
// thread group. pid is its number in the caller's pid namespace and /proc.
//
// A fact that could not be read is unknown, with the reason. A process that
// ends meanwhile leaves nothing known, since some of its files read as empty
// before they vanish.
//
// Preconditions: the process stands still, or what is read is a mixture of
// before and after.
func ReadProcess(pid int, o Options) Process {
	d, err := openProcess(pid)
	if err != nil {
		if err == unix.ENOENT || err == unix.ESRCH {
			return nothingOf(pid, whyEnded)
		}
		return nothingOf(pid, whyNot(err))
	}
	defer d.close()
	p := nothingOf(pid, whyNotAsked)
	p.read(d, o)
	if d.ended() {
		return nothingOf(pid, whyEnded)
	}
	return p
}

func (p *Process) read(d *procDir, o Options) {
	whose := p.readStatus(d)
	if o.IDMaps {
		p.readIDMaps(d)
	}
	p.Dumpable = p.dumpable(d.path, whose)
	if o.Namespaces {
		p.Namespaces = d.namespaces(o.NextTime, o.NextPID)
	}
	if o.Clocks {
		p.Clocks = d.clocks()
	}
	if o.Owners {
		p.readOwners(d, o.SkipOwner)
	}
	if o.Session {
		p.Session = d.session()
	}
	if o.FDs {
		p.FDs = d.fds()
	}
	if o.Network {
		p.Network = d.network()
	}
	if o.Mounts {
		p.Mounts = d.mounts()
		p.Root, p.Cwd = d.place("root"), d.place("cwd")
	}
	if o.Limits {
		p.Limits = d.limits()
	}
	if o.Environ {
		p.Environ = d.environ()
	}
	if o.Files != nil {
		p.Files = d.files(o.Files)
	}
	if o.Capget != nil {
		sets, err := o.Capget(p.PID)
		p.Capget = factOf(sets, err, "capget(2) by gocapability")
	}
}

// ended says whether the process is gone or on its way. A process gives up its
// memory, and with it its program, before its files and its namespaces: as long
// as the program is there, so was all that was read before.
func (d *procDir) ended() bool {
	_, err := d.link(d.fd, "exe")
	switch err {
	case nil, errFilled:
		return false
	case unix.EACCES, unix.EPERM:
		// The link may not be read. status may, by anybody; and what could
		// read as empty may not.
		text, err := d.read("status")
		if err != nil {
			return true
		}
		s, err := cutStatus(text)
		return err != nil || s.ended()
	}
	return true
}

// nothingOf is a process of which nothing is known.
func nothingOf(pid int, why string) Process {
	p := Process{
		PID:        pid,
		Caps:       Unknown[caps.Sets]("", why),
		Capget:     Unknown[caps.Sets]("", why),
		NoNewPrivs: Unknown[bool]("", why),
		Seccomp:    Unknown[int]("", why),
		UIDs:       Unknown[IDs]("", why),
		GIDs:       Unknown[IDs]("", why),
		Groups:     Unknown[[]uint32]("", why),
		NSPids:     Unknown[[]int]("", why),
		Threads:    Unknown[int]("", why),
		FSUID:      Unknown[uint32]("", why),
		FSGID:      Unknown[uint32]("", why),
		Blocked:    Unknown[uint64]("", why),
		Ignored:    Unknown[uint64]("", why),
		Caught:     Unknown[uint64]("", why),
		Umask:      Unknown[uint32]("", why),
		Limits:     Unknown[Limits]("", why),
		Environ:    Unknown[[]string]("", why),
		UIDMap:     Unknown[[]IDMapLine]("", why),
		GIDMap:     Unknown[[]IDMapLine]("", why),
		Setgroups:  Unknown[string]("", why),
		Clocks:     Unknown[Clocks]("", why),
		FDs:        Unknown[[]FD]("", why),
		Mounts:     Unknown[[]Mount]("", why),
		Root:       Unknown[Place]("", why),
		Cwd:        Unknown[Place]("", why),
		Files:      Unknown[[]File]("", why),
		Dumpable:   Unknown[bool]("", why),
		Network:    nothingOfNetwork("", why),
	}
	for i := range p.Namespaces {
		p.Namespaces[i] = Unknown[NamespaceID]("", why)
		p.Owners[i] = Unknown[NamespaceID]("", why)
	}
	return p
}

func nothingOfNetwork(source, why string) Network {
	return Network{
		Links:     Unknown[[]Link](source, why),
		Addresses: Unknown[[]Address](source, why),
		Routes:    Unknown[[]Route](source, why),
	}
}

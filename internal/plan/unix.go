package plan

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// UnixTarget is a unix socket on which netjail listens, for the attempt to reach
// it.
type UnixTarget struct {
	// Name is a path of the host's or, where Abstract is set, an abstract name
	// without the zero byte before it.
	Name     string
	Abstract bool
}

// The controls: connect(2) to sockets of the process's own, one bound to an
// abstract name and one to a path in a directory that is the jail's alone. Where
// it has no such directory there is no second one.
const (
	FactUnixControl     Fact = "attempt.unix.control"      // result
	FactUnixPathControl Fact = "attempt.unix.control.path" // result
)

// FactUnix is connect(2) to Options.Unix[i]: result.
func FactUnix(i int) Fact { return Fact("attempt.unix." + strconv.Itoa(i)) }

var (
	afUnix       = named("AF_UNIX", 1)
	sockNonblock = named("SOCK_NONBLOCK", 0o4000)
)

// reachUnix tries to connect to the sockets on which netjail listens, where the
// command will see them: in its own root and network namespace. It stands before
// the filter, so that those alone decide, whatever the filter says of sockets;
// and before the capabilities go, so that what fails here cannot succeed later.
func (b *builder) reachUnix() {
	if !b.options.Full || len(b.options.Unix) == 0 {
		return
	}
	own := b.ownName()
	b.ownSocket("unix.own", UnixTarget{Name: own, Abstract: true}, FactUnixControl)
	if dir := b.ownDirectory(); dir != "" {
		path := dir + "/." + own
		b.ownSocket("unix.path", UnixTarget{Name: path}, FactUnixPathControl)
		b.unixAttempt("unix.path.remove", "unlinkat", "", atFDCWD, str(path), num(0))
	}
	for i, t := range b.options.Unix {
		name := "unix." + strconv.Itoa(i)
		b.unixSocket(name + ".socket")
		b.connectUnix(name, name+".socket", t, FactUnix(i))
		b.unixAttempt(name+".close", "close", "", result("attempt."+name+".socket"))
	}
}

// ownName is the name of the controls: one of netjail's own, made for this run,
// with an ending, since the network namespace may be the host's.
func (b *builder) ownName() string {
	for _, t := range b.options.Unix {
		if t.Abstract {
			return t.Name + "-own"
		}
	}
	return "netjail-own"
}

// ownDirectory is a directory in memory that the jail has to itself and can
// write to; empty where it has none.
func (b *builder) ownDirectory() string {
	if b.host.Tree == nil {
		return ""
	}
	for i := range b.host.Tree.Entries {
		e := &b.host.Tree.Entries[i]
		if e.Kind == tree.Tmpfs && !e.Options.Has(tree.ReadOnly) && e.Perm&0o222 == 0o222 {
			return e.Target
		}
	}
	return ""
}

// ownSocket listens on a name of the child's own and connects to it.
func (b *builder) ownSocket(name string, t UnixTarget, fact Fact) {
	address, text := t.address()
	b.unixSocket(name)
	b.unixAttempt(name+".bind", "bind", "", result("attempt."+name), raw(address, text), num(len(address)))
	b.unixAttempt(name+".listen", "listen", "", result("attempt."+name), num(1))
	b.unixSocket(name + ".client")
	b.connectUnix(name+".connect", name+".client", t, fact)
	b.unixAttempt(name+".client.close", "close", "", result("attempt."+name+".client"))
	b.unixAttempt(name+".close", "close", "", result("attempt."+name))
}

// unixSocket makes a stream socket that does not block: a listener whose queue is
// full must not hold the set-up.
func (b *builder) unixSocket(name string) {
	b.unixAttempt(name, "socket", "", afUnix, flags(sockStream, sockCloexec, sockNonblock), num(0))
}

func (b *builder) connectUnix(name, socket string, t UnixTarget, fact Fact) {
	address, text := t.address()
	b.unixAttempt(name, "connect", fact, result("attempt."+socket), raw(address, text), num(len(address)))
}

func (b *builder) unixAttempt(name, call string, fact Fact, args ...Arg) {
	b.attempt(name, call, fact, args...)
	b.last().Key, b.last().Why = "sockets.unix", "a way to the host's sockets that must be shut"
}

// address is a struct sockaddr_un as far as its name goes, and the name as
// people write it. Source: unix(7).
func (t UnixTarget) address() (address []byte, text string) {
	address = append(address, 1, 0) // AF_UNIX
	if t.Abstract {
		return append(append(address, 0), t.Name...), "@" + t.Name
	}
	return append(append(address, t.Name...), 0), t.Name
}

// shared notes what the command shares with the host.
func (b *builder) shared() {
	b.plan.HasUnix = b.policy.Sockets.Unix != policy.UnixDeny
	if t := b.host.Tree; t != nil && !t.InPlace {
		b.plan.Shared = sharedPaths(t)
	}
}

// sharedPaths are the host's paths that a new root shows as they are: what listens
// below them has the same inode inside as outside, and so answers. Those that
// sockets.unix allows are not among them, nor what is neither a directory nor a
// place to meet at.
func sharedPaths(l *tree.Layout) []string {
	var paths []string
	for i := range l.Entries {
		e := &l.Entries[i]
		if e.Kind != tree.Bind || e.Self || !meets(e.Node.Type) || e.Key == "sockets.unix" {
			continue
		}
		paths = append(paths, e.Source)
		if e.Recursive {
			paths = append(paths, mountedBelow(l.Mounts, e.Source)...)
		}
	}
	return paths
}

// mountedBelow are the mount points below a directory, but for those of file
// systems that answer from elsewhere.
func mountedBelow(mounts []tree.MountPoint, dir string) (points []string) {
	for i := range mounts {
		m := &mounts[i]
		if _, remote := tree.Covers(m.Type); !remote && strings.HasPrefix(m.Point, dir+"/") {
			points = append(points, m.Point)
		}
	}
	return points
}

// meets says whether processes can meet at a file of this type, or below it.
func meets(kind uint32) bool {
	switch kind {
	case 0o040000, 0o140000, 0o010000: // S_IFDIR, S_IFSOCK, S_IFIFO
		return true
	}
	return false
}

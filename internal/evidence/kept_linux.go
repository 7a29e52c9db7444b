package evidence

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ReadKept reads on where those descriptors of p lead that have the given numbers.
// pidfd is p's. Of a descriptor that leads nowhere it reads nothing: a file, a
// terminal, a pipe.
func ReadKept(p *Process, pidfd int, numbers []int) {
	if !p.FDs.Known {
		return
	}
	var d *procDir
	var c *copier
	for i := range p.FDs.Value {
		f := &p.FDs.Value[i]
		if !f.leads() || !slices.Contains(numbers, f.Number) {
			continue
		}
		if d == nil {
			var err error
			if d, err = openProcess(p.PID); err != nil {
				f.Info, f.Socket = Unknown[FDInfo]("fdinfo", whyNot(err)), noSocket(whyNot(err))
				continue
			}
			defer d.close()
			c = newCopier(p.PID, pidfd)
		}
		d.lead(f, c)
	}
}

// leads says whether there is more to know of a descriptor than its link tells.
func (f *FD) leads() bool {
	return f.Directory || f.PathOnly || f.Packets || f.Kind == FDSocket || f.Kind == FDAnonymous || f.Kind == FDOther
}

// lead reads where a descriptor leads.
func (d *procDir) lead(f *FD, c *copier) {
	switch {
	case f.Kind == FDSocket:
		f.Socket = c.socket(d, f)
	case f.leads():
		f.Info = d.fdInfo(f.Number)
	}
}

func (d *procDir) fdInfo(number int) Fact[FDInfo] {
	name := "fdinfo/" + strconv.Itoa(number)
	text, err := d.read(name)
	if err != nil {
		return Unknown[FDInfo](d.path+name, whyNot(err))
	}
	return lineFact(parseFDInfo(text))(d.path + name)
}

// infoNumbers are the lines of fdinfo that hold a number.
var infoNumbers = [...]struct {
	key string
	in  func(*FDInfo) *int
}{
	{"mnt_id", func(i *FDInfo) *int { return &i.Mount }},
	{"Pid", func(i *FDInfo) *int { return &i.PID }},
	{"SqThread", func(i *FDInfo) *int { return &i.Thread }},
	{"eventfd-id", func(i *FDInfo) *int { return &i.Event }},
}

// parseFDInfo reads the lines that FDInfo holds. Others are of no matter.
func parseFDInfo(text []byte) (FDInfo, error) {
	info := FDInfo{Thread: -1}
	err := eachLine(text, func(line []byte) error {
		key, value, _ := strings.Cut(string(line), ":")
		value = strings.TrimSpace(value)
		if key == "iff" {
			info.Interface = value
			return nil
		}
		for i := range infoNumbers {
			if infoNumbers[i].key != key {
				continue
			}
			n, err := strconv.ParseInt(value, 10, 32)
			if err != nil {
				return fmt.Errorf("%q: %w", line, errDecimal)
			}
			*infoNumbers[i].in(&info) = int(n)
		}
		return nil
	})
	return info, err
}

// copier gets copies of a process's sockets.
type copier struct {
	pid, pidfd int
	cookie     uint64 // of netjail's network namespace; 0 where it is not known
}

func newCopier(pid, pidfd int) *copier { return &copier{pid: pid, pidfd: pidfd, cookie: ownCookie()} }

const (
	sourceCookie = "SO_NETNS_COOKIE"
	sourceSKNS   = "SIOCGSKNS"
	sourcePeer   = "SO_PEERPIDFD"
	sourceDomain = "SO_DOMAIN"
)

func noSocket(why string) Socket {
	return Socket{
		Family: Unknown[int](sourceDomain, why), HostNetwork: Unknown[bool](sourceCookie, why),
		Network: Unknown[NamespaceID](sourceSKNS, why), Peer: Unknown[int](sourcePeer, why),
	}
}

// socket asks a copy of a socket.
func (c *copier) socket(d *procDir, f *FD) Socket {
	fd, done, err := c.copyOf(d, f)
	if err != nil {
		return noSocket(whyNot(err))
	}
	defer done()
	s := noSocket(whyNotAsked)
	family, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	if s.Family = factOf(family, err, sourceDomain); err != nil {
		s.Family = Unknown[int](sourceDomain, whyNot(err))
	}
	s.HostNetwork = c.hostNetwork(fd)
	if !s.HostNetwork.Known || !s.HostNetwork.Value {
		s.Network = networkOf(fd)
	}
	if s.Family.Known && family == unix.AF_UNIX {
		s.Peer = peerOf(fd)
	}
	return s
}

var (
	errOfThread = errors.New("the thread has descriptors of its own")
	errClosed   = errors.New(whyClosed)
)

// copyOf is the same socket as one of netjail's own: the one that netjail has under
// the same number, where it is that, or a copy. To get a copy takes what tracing the
// process takes.
func (c *copier) copyOf(d *procDir, f *FD) (fd int, done func(), err error) {
	if isLinked(f.Number, f.Target) {
		return f.Number, func() {}, nil
	}
	if d.path != "/proc/"+strconv.Itoa(c.pid)+"/" {
		return -1, nil, errOfThread
	}
	fd, err = pidfdGetfd(c.pidfd, f.Number)
	if err != nil {
		return -1, nil, err
	}
	if !isLinked(fd, f.Target) { // the number may be open on something else by now
		unix.Close(fd)
		return -1, nil, errClosed
	}
	return fd, func() { unix.Close(fd) }, nil
}

// isLinked says whether a descriptor of netjail's is open on this; a socket's link
// names that socket and no other.
func isLinked(fd int, target string) bool {
	link, err := unixReadlink("/proc/self/fd/" + strconv.Itoa(fd))
	return err == nil && link == target
}

func pidfdGetfd(pidfd, number int) (int, error) {
	fd, err := unix.PidfdGetfd(pidfd, number, 0)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	return fd, err
}

func unixReadlink(path string) (string, error) {
	var buffer [256]byte
	n, err := unix.Readlink(path, buffer[:])
	return string(buffer[:max(n, 0)]), err
}

// hostNetwork compares the socket's network namespace with netjail's.
func (c *copier) hostNetwork(fd int) Fact[bool] {
	if c.cookie == 0 {
		return Unknown[bool](sourceCookie, "this kernel tells no network namespace of a socket (Linux 5.14 does)")
	}
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_NETNS_COOKIE)
	if err != nil {
		return Unknown[bool](sourceCookie, whyNot(err))
	}
	return Known(cookie == c.cookie, sourceCookie)
}

// networkOf asks for the socket's network namespace itself.
func networkOf(fd int) Fact[NamespaceID] {
	space, err := unix.IoctlRetInt(fd, unix.SIOCGSKNS)
	if err != nil {
		return Unknown[NamespaceID](sourceSKNS, errnoOfCall(err))
	}
	defer unix.Close(space)
	var st unix.Stat_t
	if err := unix.Fstat(space, &st); err != nil {
		return Unknown[NamespaceID](sourceSKNS, errnoOfCall(err))
	}
	return Known(NamespaceID(st.Ino), sourceSKNS)
}

// peerOf asks for a pidfd of the socket's peer, as whoever holds the socket can.
func peerOf(fd int) Fact[int] {
	peer, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PEERPIDFD)
	switch err {
	case nil:
	case unix.ENODATA, unix.ENOPROTOOPT: // it has no peer; the kernel gives none
		return Known(0, sourcePeer+": "+errnoOfCall(err))
	case unix.ESRCH, unix.EINVAL: // the peer was reaped: older kernels
		return Known(-1, sourcePeer+": "+errnoOfCall(err))
	default:
		return Unknown[int](sourcePeer, errnoOfCall(err))
	}
	defer unix.Close(peer)
	text, err := readFile("/proc/self/fdinfo/" + strconv.Itoa(peer))
	if err != nil {
		return Unknown[int](sourcePeer, whyNot(err))
	}
	info, err := parseFDInfo(text)
	return factOf(info.PID, err, sourcePeer)
}

// errnoOfCall names the errno of a call on a descriptor, which says nothing about a
// process.
func errnoOfCall(err error) string {
	var errno unix.Errno
	if errors.As(err, &errno) {
		return errnoName(int64(errno))
	}
	return err.Error()
}

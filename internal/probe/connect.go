package probe

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/policy"
)

// Local is the target that stands for a listener of the probe's own.
const Local = "local"

// patience is how long an answer is waited for. Where nothing leads out, the
// kernel answers at once; what takes longer has been sent somewhere.
const patience = 3 * time.Second

// connect tries one target.
func connect(target string) string {
	if target == Local {
		return connectLocal()
	}
	addr, port, ok := policy.ParseEndpoint(target)
	if !ok {
		return word(unix.EINVAL)
	}
	return dial(sockaddr(addr, port))
}

// connectLocal listens on the loopback and connects to that.
func connectLocal() string {
	l, err := Listen(inet.AddrFrom4([4]byte{127, 0, 0, 1}))
	if err != nil {
		return word(err)
	}
	defer l.Close()
	return connect(l.Endpoint)
}

// dial connects, and closes the connection again.
func dial(to unix.Sockaddr) string {
	fd, err := unix.Socket(family(to), unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return word(err)
	}
	defer unix.Close(fd)
	err = unix.Connect(fd, to)
	if err == unix.EINPROGRESS {
		err = settle(fd)
	}
	if err == errLate {
		return Timeout
	}
	if err != nil {
		return word(err)
	}
	return Done
}

// errLate says that nothing was answered.
var errLate = errors.New("nobody answered")

// settle waits for the end of a connection's making.
func settle(fd int) error {
	for end := time.Now().Add(patience); ; {
		left := time.Until(end)
		if left <= 0 {
			return errLate
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, int(left.Milliseconds())+1)
		if err != nil && err != unix.EINTR {
			return err
		}
		if n <= 0 {
			continue
		}
		code, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
		if err != nil || code == 0 {
			return err
		}
		return unix.Errno(code)
	}
}

func family(a unix.Sockaddr) int {
	if _, ok := a.(*unix.SockaddrInet6); ok {
		return unix.AF_INET6
	}
	return unix.AF_INET
}

func sockaddr(a inet.Addr, port uint16) unix.Sockaddr {
	if a.Is4() {
		return &unix.SockaddrInet4{Addr: a.As4(), Port: int(port)}
	}
	return &unix.SockaddrInet6{Addr: a.As16(), Port: int(port)}
}

// Listener is a TCP listener that answers, as the kernel does it, without
// anybody's taking the connections.
type Listener struct {
	// Endpoint is its address with its port.
	Endpoint string
	fd       int
}

// Listen makes one, at a port that the kernel chooses.
func Listen(at inet.Addr) (*Listener, error) {
	to := sockaddr(at, 0)
	fd, err := unix.Socket(family(to), unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Bind(fd, to); err != nil {
		unix.Close(fd)
		return nil, err
	}
	if err := unix.Listen(fd, 16); err != nil {
		unix.Close(fd)
		return nil, err
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	_, port := parts(name)
	return &Listener{Endpoint: endpoint(at, port), fd: fd}, nil
}

// Close ends it.
func (l *Listener) Close() error { return unix.Close(l.fd) }

func parts(a unix.Sockaddr) (inet.Addr, uint16) {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return inet.AddrFrom4(a.Addr), uint16(a.Port)
	case *unix.SockaddrInet6:
		return inet.AddrFrom16(a.Addr), uint16(a.Port)
	}
	return inet.Addr{}, 0
}

func endpoint(a inet.Addr, port uint16) string {
	text := a.String()
	if strings.Contains(text, ":") {
		text = "[" + text + "]"
	}
	return text + ":" + strconv.Itoa(int(port))
}

// Source is the address that this host would send from to another: the kernel
// chooses it when a datagram socket is connected, which sends nothing. ok is
// false where there is no way to the other.
func Source(to inet.Addr) (from inet.Addr, ok bool) {
	const discard = 9 // any port would do
	peer := sockaddr(to, discard)
	fd, err := unix.Socket(family(peer), unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return inet.Addr{}, false
	}
	defer unix.Close(fd)
	if unix.Connect(fd, peer) != nil {
		return inet.Addr{}, false
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return inet.Addr{}, false
	}
	from, _ = parts(name)
	return from, true
}

package e2e

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// descriptorChannels are descriptors from 3 on that the jail's caller holds open.
func descriptorChannels() []channel {
	list := []channel{
		{id: "fd.tcp", what: "a connected TCP socket", lay: layConnection, try: writeTo},
		{id: "fd.listener", what: "a listening TCP socket", lay: layListener, try: acceptAndSay},
		{id: "fd.udp", what: "an unbound UDP socket", lay: layDatagram, try: sendTo},
		{id: "fd.unix", what: "an unconnected unix socket, to a host's abstract name", lay: layUnconnected, try: connectAbstract},
		{id: "fd.netlink", what: "a netlink socket", lay: layNetlink, try: dumpLinks},
		{id: "fd.packet", what: "a packet socket", lay: forRoot(layPacket), try: sendFrame},
		{id: "fd.tun", what: "a tun device", lay: forRoot(layTun), try: injectPacket},
		{id: "fd.directory", what: "a directory", lay: layDirectory, try: readBelow},
		{id: "fd.namespace", what: "a network namespace", lay: forRoot(layNamespace), try: enterAndSay},
		{id: "fd.pidfd", what: "a pidfd", lay: layPidfd, try: signalPidfd},
		{id: "fd.io-uring", what: "an io_uring with a kernel thread and a registered socket", lay: layRing, try: shutByRing},
		{id: "fd.shared-memory", what: "a memfd", lay: layMemfd, try: writeTo},
		{id: "fd.pipe", what: "a pipe", lay: layPipe, try: writeTo},
		{id: "fd.eventfd", what: "an eventfd", lay: layEventfd, try: raiseEvent},
	}
	for i := range list {
		c := &list[i]
		c.group, c.set, c.fd = "Descriptors that the caller holds open", withPipes, true
		c.fate = func(o *opening) string {
			held := slices.Max(o.Process.InheritFDs) > 2
			switch c.id {
			case "fd.namespace": // setns(2), with the capability over the namespace
				held = held && o.itself() && o.unfiltered()
			case "fd.unix": // a Landlock domain keeps it from the host's abstract names
				held = held && (!plan.WantsScopes(o.Policy) || o.Sockets.Unix == policy.UnixHost)
			}
			return when(held, "process.inheritFds")
		}
	}
	return list
}

// number is a descriptor as an argument.
func number(arg string) int {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return -1
	}
	return n
}

func writeTo(args []string) (string, error) {
	_, err := unix.Write(number(args[0]), []byte(args[1]))
	return "", err
}

func layConnection(c *caller) (*canary, error) {
	l, e, err := c.listenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f, err := dialed(l.Addr().String())
	word := nonce()
	return &canary{args: []string{word}, fd: f, late: true, crossed: e.hears(word)}, err
}

// dialed is a connection as a file.
func dialed(address string) (*os.File, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return conn.(*net.TCPConn).File()
}

func layListener(c *caller) (*canary, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	e, word := new(ear), nonce()
	c.later(func() { conn.Close() })
	go e.listen(conn)
	return &canary{args: []string{word}, fd: f, late: true, crossed: e.hears(word)}, nil
}

func acceptAndSay(args []string) (string, error) {
	fd, _, err := unix.Accept(number(args[0]))
	if err != nil {
		return "", err
	}
	_, err = unix.Write(fd, []byte(args[1]))
	return "", err
}

func layDatagram(c *caller) (*canary, error) {
	conn, e, err := c.listenUDP()
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	word := nonce()
	return &canary{args: []string{fmt.Sprint(conn.LocalAddr().(*net.UDPAddr).Port), word}, fd: os.NewFile(uintptr(fd), "udp"), late: true, crossed: e.hears(word)}, err
}

func sendTo(args []string) (string, error) {
	return "", unix.Sendto(number(args[0]), []byte(args[2]), 0, &unix.SockaddrInet4{Port: number(args[1]), Addr: [4]byte{127, 0, 0, 1}})
}

func layUnconnected(c *caller) (*canary, error) {
	name := "@" + nonce()
	l, err := net.Listen("unix", name)
	if err != nil {
		return nil, err
	}
	e, word := new(ear), nonce()
	c.later(func() { l.Close() })
	go e.attend(l)
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	return &canary{args: []string{name, word}, fd: os.NewFile(uintptr(fd), "unix"), late: true, crossed: e.hears(word)}, err
}

func connectAbstract(args []string) (string, error) {
	fd := number(args[0])
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: args[1]}); err != nil {
		return "", err
	}
	_, err := unix.Write(fd, []byte(args[2]))
	return "", err
}

func layNetlink(c *caller) (*canary, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	// Statistics of the loopback device tell one namespace from another.
	return &canary{fd: os.NewFile(uintptr(fd), "netlink"), crossed: func(answer string) bool {
		names, err := interfaceNames()
		if names == "" {
			names = "lo"
		}
		name, _, _ := strings.Cut(names, "/")
		return err == nil && strings.Contains(answer, name)
	}}, nil
}

// dumpLinks asks for all links and answers with what came.
func dumpLinks(args []string) (string, error) {
	fd := number(args[0])
	request := make([]byte, 32)
	for i, v := range []uint32{32, unix.RTM_GETLINK | (unix.NLM_F_REQUEST|unix.NLM_F_DUMP)<<16, 1} {
		binary.NativeEndian.PutUint32(request[4*i:], v)
	}
	if err := unix.Sendto(fd, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return "", err
	}
	b := make([]byte, 1<<16)
	n, _, err := unix.Recvfrom(fd, b, 0)
	if err != nil {
		return "", err
	}
	return string(b[:n]), nil
}

const loopbackIndex = 1

func packetSocket() (int, error) {
	const all = 0x0300 // ETH_P_ALL in network order
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, all)
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: all, Ifindex: loopbackIndex})
	}
	return fd, err
}

func layPacket(c *caller) (*canary, error) {
	hears, err := packetSocket()
	if err != nil {
		return nil, err
	}
	c.later(func() { unix.Close(hears) })
	says, err := packetSocket()
	word := nonce()
	return &canary{args: []string{word}, fd: os.NewFile(uintptr(says), "packet"), crossed: func(string) bool {
		for b := make([]byte, 1<<16); ; {
			n, _, err := unix.Recvfrom(hears, b, 0)
			if err != nil {
				return false
			}
			if strings.Contains(string(b[:n]), word) {
				return true
			}
		}
	}}, err
}

func sendFrame(args []string) (string, error) {
	return "", unix.Sendto(number(args[0]), []byte(args[1]), 0, &unix.SockaddrLinklayer{Protocol: 0x0300, Ifindex: loopbackIndex})
}

func layDirectory(c *caller) (*canary, error) {
	dir, secret, err := c.secretFile(c.Place)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(dir)
	return &canary{fd: f, crossed: func(answer string) bool { return answer == secret }}, err
}

func readBelow(args []string) (string, error) {
	fd, err := unix.Openat(number(args[0]), "secret", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	return readAll(fd)
}

func readAll(fd int) (string, error) {
	b := make([]byte, 256)
	n, err := unix.Read(fd, b)
	return string(b[:max(n, 0)]), err
}

func layNamespace(c *caller) (*canary, error) {
	l, e, err := c.listenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f, err := os.Open("/proc/self/ns/net")
	word := nonce()
	return &canary{args: []string{l.Addr().String(), word}, fd: f, late: true, crossed: e.hears(word)}, err
}

// enterAndSay enters the network namespace of a descriptor, and speaks there.
func enterAndSay(args []string) (string, error) {
	if err := unix.Setns(number(args[0]), unix.CLONE_NEWNET); err != nil {
		return "", err
	}
	return sayHere(args[1], args[2])
}

// sayHere is sayTCP on the calling thread, whose namespace it is.
func sayHere(address, word string) (string, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: number(port), Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", err
	}
	_, err = unix.Write(fd, []byte(word))
	return "", err
}

func layPidfd(c *caller) (*canary, error) {
	fd, err := unix.PidfdOpen(c.target.PID, 0)
	return &canary{fd: os.NewFile(uintptr(fd), "pidfd"), late: true, crossed: c.target.signalled(unix.SIGUSR1)}, err
}

func signalPidfd(args []string) (string, error) {
	return "", unix.PidfdSendSignal(number(args[0]), unix.SIGUSR1, nil, 0)
}

func layMemfd(*caller) (*canary, error) {
	fd, err := unix.MemfdCreate("canary", unix.MFD_CLOEXEC)
	word := nonce()
	return &canary{args: []string{word}, fd: os.NewFile(uintptr(fd), "memfd"), crossed: func(string) bool {
		b := make([]byte, len(word))
		unix.Pread(fd, b, 0)
		return string(b) == word
	}}, err
}

func layPipe(c *caller) (*canary, error) {
	var p [2]int
	err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK)
	word := nonce()
	c.later(func() { unix.Close(p[0]) })
	return &canary{args: []string{word}, fd: os.NewFile(uintptr(p[1]), "pipe"), crossed: func(string) bool {
		answer, err := readAll(p[0])
		return err == nil && answer == word
	}}, err
}

func layEventfd(*caller) (*canary, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	return &canary{fd: os.NewFile(uintptr(fd), "eventfd"), crossed: func(string) bool {
		answer, err := readAll(fd)
		return err == nil && len(answer) == 8 && binary.NativeEndian.Uint64([]byte(answer)) == 7
	}}, err
}

func raiseEvent(args []string) (string, error) {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], 7)
	_, err := unix.Write(number(args[0]), b[:])
	return "", err
}

// call is a system call that package unix has no function for.
func call(n uintptr, args ...uintptr) (uintptr, error) {
	var a [6]uintptr
	copy(a[:], args)
	r, _, errno := unix.Syscall6(n, a[0], a[1], a[2], a[3], a[4], a[5])
	if errno != 0 {
		return r, errno
	}
	return r, nil
}

// kept keeps values where they are: a stack may move, with what a number says
// about it.
var kept any

// at is the address of a value.
func at[T any](v *T) uintptr {
	kept = v
	return uintptr(unsafe.Pointer(v))
}

// errNotOut says that an attempt came to nothing although no call failed.
var errNotOut = errors.New("nothing came of it")

package e2e

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// ear keeps what was said to it from outside the jail's reach.
type ear struct {
	mu    sync.Mutex
	heard string
}

func (e *ear) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard += string(b)
	return len(b), nil
}

// hears is a canary's question: has this been said?
func (e *ear) hears(word string) func(string) bool {
	return func(string) bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return strings.Contains(e.heard, word)
	}
}

// attend keeps what comes over each connection.
func (e *ear) attend(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go e.listen(conn)
	}
}

func (e *ear) listen(conn net.Conn) {
	defer conn.Close()
	b := make([]byte, 256)
	for {
		n, err := conn.Read(b)
		e.Write(b[:n])
		if err != nil {
			return
		}
	}
}

// listenTCP listens on the caller's loopback.
func (c *caller) listenTCP(address string) (net.Listener, *ear, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	e := new(ear)
	c.later(func() { l.Close() })
	go e.attend(l)
	return l, e, nil
}

func networkChannels() []channel {
	byNetwork := func(o *opening) string { return when(o.host(ns.Network), "namespaces.network") }
	return []channel{
		{
			id: "net.loopback-services", group: "Network", what: "a TCP server on the host's 127.0.0.1", set: withPipes, fate: byNetwork,
			lay: layTCP("127.0.0.1:0"), try: sayTCP,
		},
		{
			id: "net.loopback-services-6", group: "Network", what: "a TCP server on the host's ::1", set: withPipes, fate: byNetwork,
			lay: layTCP("[::1]:0"), try: sayTCP,
		},
		{
			id: "net.udp", group: "Network", what: "a UDP socket on the host's 127.0.0.1", set: withPipes, fate: byNetwork,
			lay: layUDP, try: sayUDP,
		},
		{
			id: "net.interfaces", group: "Network", what: "the names of the host's interfaces, by netlink", set: withPipes, fate: byNetwork,
			lay: layInterfaces, try: func([]string) (string, error) { return interfaceNames() },
		},
		{
			id: "net.proc", group: "Network", what: "the host's connection tables, in /proc/PID/net of a host process", set: withPipes,
			fate: func(o *opening) string {
				return when(o.host(ns.Network), "namespaces.network") + when(!o.host(ns.Network) && o.host(ns.PID), "namespaces.pid")
			},
			lay: layProcNet, try: readProcNet,
		},
		{
			id: "net.vsock", group: "Network", what: "AF_VSOCK, whose ports are the machine's", set: withPipes,
			fate: func(o *opening) string { return when(o.Sockets.HostFamilies, "sockets.families") },
			lay:  layVsock, try: bindVsock,
		},
		{
			id: "sockets.families", group: "Network", what: "socket families beside inet, inet6, netlink and unix", set: withPipes, word: true,
			fate: func(o *opening) string { return when(o.Sockets.HostFamilies, "sockets.families") },
			lay:  layNothing, try: sweepFamilies,
		},
		{
			id: "sockets.netlink", group: "Network", what: "netlink protocols beside routing", set: withPipes, word: true,
			fate: func(o *opening) string { return when(o.Sockets.HostFamilies, "sockets.families") },
			lay:  layNothing, try: sweepNetlink,
		},
	}
}

// layNothing is for attempts whose own word counts.
func layNothing(*caller) (*canary, error) { return &canary{}, nil }

// forRoot is for attempts that only root can make outside.
func forRoot(lay func(*caller) (*canary, error)) func(*caller) (*canary, error) {
	return func(c *caller) (*canary, error) {
		if !c.isRoot() {
			return &canary{lacks: "it takes root"}, nil
		}
		return lay(c)
	}
}

func layTCP(address string) func(*caller) (*canary, error) {
	return func(c *caller) (*canary, error) {
		l, e, err := c.listenTCP(address)
		if err != nil {
			return nil, err
		}
		word := nonce()
		return &canary{args: []string{l.Addr().String(), word}, late: true, crossed: e.hears(word)}, nil
	}
}

// sayTCP says a word to a server.
func sayTCP(args []string) (string, error) {
	conn, err := net.Dial("tcp", args[0])
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(args[1]))
	return "", err
}

func (c *caller) listenUDP() (*net.UDPConn, *ear, error) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, nil, err
	}
	e := new(ear)
	c.later(func() { conn.Close() })
	go e.listen(conn)
	return conn, e, nil
}

func layUDP(c *caller) (*canary, error) {
	conn, e, err := c.listenUDP()
	if err != nil {
		return nil, err
	}
	word := nonce()
	return &canary{args: []string{conn.LocalAddr().String(), word}, late: true, crossed: e.hears(word)}, nil
}

func sayUDP(args []string) (string, error) {
	conn, err := net.Dial("udp", args[0])
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(args[1]))
	return "", err
}

// interfaceNames are those of the network namespace, with their hardware
// addresses.
func interfaceNames() (string, error) {
	list, err := net.Interfaces()
	var names []string
	for _, i := range list {
		if i.Flags&net.FlagLoopback == 0 {
			names = append(names, i.Name+"/"+i.HardwareAddr.String())
		}
	}
	return strings.Join(names, " "), err
}

func layInterfaces(c *caller) (*canary, error) {
	if c.Own {
		if _, err := c.tun(); err != nil {
			return &canary{lacks: "no interface: " + err.Error()}, nil
		}
	}
	names, err := interfaceNames()
	if names == "" {
		return &canary{lacks: "the host has no interface but its loopback"}, err
	}
	return &canary{crossed: func(answer string) bool { return answer == names }}, err
}

func layProcNet(c *caller) (*canary, error) {
	l, _, err := c.listenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := fmt.Sprintf(":%04X ", l.Addr().(*net.TCPAddr).Port)
	return &canary{
		args:    []string{strconv.Itoa(c.target.PID)},
		crossed: func(answer string) bool { return strings.Contains(answer, port) },
	}, nil
}

func readProcNet(args []string) (string, error) {
	var all strings.Builder
	for _, pid := range append(args, "self", "1") {
		text, err := os.ReadFile("/proc/" + pid + "/net/tcp")
		if err == nil {
			all.Write(text)
		}
	}
	return all.String(), nil
}

func layVsock(c *caller) (*canary, error) {
	port := 0x4e4a0000 + uint32(os.Getpid()&0xffff)
	if err := bindVsockPort(port); err != nil {
		return &canary{lacks: "AF_VSOCK: " + err.Error()}, nil
	}
	// The attempt's process still holds it.
	return &canary{args: []string{fmt.Sprint(port)}, crossed: func(string) bool { return bindVsockPort(port) == unix.EADDRINUSE }}, nil
}

// bindVsockPort binds a port, and lets go of it.
func bindVsockPort(port uint32) error {
	fd, err := unix.Socket(unix.AF_VSOCK, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Bind(fd, &unix.SockaddrVM{CID: unix.VMADDR_CID_ANY, Port: port})
}

// bindVsock binds a port, and keeps it.
func bindVsock(args []string) (string, error) {
	port, err := strconv.ParseUint(args[0], 10, 32)
	if err != nil {
		return "", err
	}
	fd, err := unix.Socket(unix.AF_VSOCK, unix.SOCK_STREAM, 0)
	if err != nil {
		return "", err
	}
	return "", unix.Bind(fd, &unix.SockaddrVM{CID: unix.VMADDR_CID_ANY, Port: uint32(port)})
}

// sweepFamilies tries every family, also in the numbers' high half.
func sweepFamilies([]string) (string, error) {
	var open []string
	for family := range 64 {
		switch family {
		case unix.AF_UNIX, unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK:
			continue
		}
		for _, kind := range []int{unix.SOCK_STREAM, unix.SOCK_DGRAM, unix.SOCK_SEQPACKET, unix.SOCK_RAW} {
			if fd, err := unix.Socket(family, kind, 0); err == nil {
				unix.Close(fd)
				open = append(open, fmt.Sprint(family))
				break
			}
		}
	}
	if open == nil {
		return "", unix.EAFNOSUPPORT
	}
	return strings.Join(open, " "), nil
}

func sweepNetlink([]string) (string, error) {
	var open []string
	for protocol := 1; protocol < 32; protocol++ {
		if fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, protocol); err == nil {
			unix.Close(fd)
			open = append(open, fmt.Sprint(protocol))
		}
	}
	if open == nil {
		return "", unix.EAFNOSUPPORT
	}
	return strings.Join(open, " "), nil
}

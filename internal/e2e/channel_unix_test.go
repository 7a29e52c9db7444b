package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// byPath says what leaves a unix socket of the host's tree open.
func byPath(o *opening) string {
	return when(o.files() && o.Sockets.Unix == policy.UnixHost, "sockets.unix")
}

// inProject says what leaves a unix socket of the project open.
func inProject(o *opening) string {
	if byPath(o) != "" {
		return byPath(o)
	}
	return when(o.Filesystem.Writable != nil && o.Sockets.Unix != policy.UnixDeny, "filesystem.writable")
}

func unixChannels() []channel {
	list := []channel{
		{id: "unix.stream", what: "a stream socket", lay: laySocket("stream", jailPlace), try: saySocket("stream"), fate: byPath},
		{id: "unix.datagram", what: "a datagram socket", lay: laySocket("datagram", jailPlace), try: saySocket("datagram"), fate: byPath},
		{id: "unix.seqpacket", what: "a seqpacket socket", lay: laySocket("seqpacket", jailPlace), try: saySocket("seqpacket"), fate: byPath},
		{id: "unix.alias", what: "a socket by a hard link to it", lay: laySocketAlias, try: saySocket("stream"), fate: byPath},
		{id: "unix.allowed", what: "a socket that a profile can name (`{allow: …}`)", lay: layAllowed, try: saySocket("stream"), fate: func(o *opening) string {
			return when(byPath(o) != "" || o.Sockets.Unix == policy.UnixAllow, "sockets.unix")
		}},
		{id: "unix.pair", what: "a socket, from the datagram pair that deny leaves out", lay: laySocket("datagram", jailPlace), try: sayByPair, fate: byPath},
		{id: "unix.project", what: "a socket in the project", lay: laySocket("stream", jailProject), try: saySocket("stream"), fate: inProject},
		{
			id: "unix.reverse", what: "a socket that the jail binds in the project, for the host to connect to", lay: layCustomer, try: bindAndSay,
			fate: func(o *opening) string {
				if o.files() && o.root && !o.itself() { // it may not write there
					return ""
				}
				return inProject(o)
			},
		},
		{
			id: "unix.abstract", what: "an abstract socket", lay: layAbstract, try: saySocket("stream"),
			fate: func(o *opening) string {
				return when(o.host(ns.Network) && o.Sockets.Unix == policy.UnixHost, "namespaces.network")
			},
		},
		{id: "unix.passed", what: "a TCP connection of the host's that a socket's server hands over", lay: layGiver, try: takeAndSay, fate: byPath},
		{id: "unix.services", what: "nscd, D-Bus, systemd-resolved and Docker, where they listen", lay: forRoot(layServices), try: askServices, fate: byPath},
	}
	for i := range list {
		list[i].group, list[i].set = "Unix sockets of the host", withPipes
	}
	return list
}

// A canary lies where most profiles show the host's files, or in the project.
const (
	jailPlace   = false
	jailProject = true
)

// where makes a new name in one of the two directories.
func (c *caller) where(project bool) string {
	dir := c.Place
	if project {
		dir = c.Dir
	}
	path := filepath.Join(dir, nonce())
	c.later(func() { os.Remove(path) })
	return path
}

// networks are the types of unix sockets as package net names them.
var networks = map[string]string{"stream": "unix", "datagram": "unixgram", "seqpacket": "unixpacket"}

// attendUnix binds a socket and keeps what it is told.
func (c *caller) attendUnix(kind, path string) (*ear, error) {
	e := new(ear)
	if kind == "datagram" {
		conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path})
		if err != nil {
			return nil, err
		}
		c.later(func() { conn.Close() })
		go e.listen(conn)
		return e, os.Chmod(path, 0o777)
	}
	l, err := net.ListenUnix(networks[kind], &net.UnixAddr{Name: path, Net: networks[kind]})
	if err != nil {
		return nil, err
	}
	c.later(func() { l.Close() })
	go e.attend(l)
	if strings.HasPrefix(path, "@") {
		return e, nil
	}
	return e, os.Chmod(path, 0o777)
}

func laySocket(kind string, project bool) func(*caller) (*canary, error) {
	return func(c *caller) (*canary, error) { return c.socketAt(kind, c.where(project)) }
}

func (c *caller) socketAt(kind, path string) (*canary, error) {
	e, err := c.attendUnix(kind, path)
	if err != nil {
		return nil, err
	}
	word := nonce()
	return &canary{args: []string{path, word}, late: true, crossed: e.hears(word)}, nil
}

func laySocketAlias(c *caller) (*canary, error) {
	k, err := c.socketAt("stream", c.where(jailPlace))
	if err != nil {
		return nil, err
	}
	alias := c.where(jailPlace)
	if err := os.Link(k.args[0], alias); err != nil {
		return nil, err
	}
	k.args[0] = alias
	return k, nil
}

// attendAllowed listens for as long as the caller lives: a profile that names what
// is no socket is refused, whatever is tried.
func (c *caller) attendAllowed() (err error) {
	os.Remove(c.Allowed)
	c.allowed, err = c.attendUnix("stream", c.Allowed)
	c.undo = nil
	return err
}

func layAllowed(c *caller) (*canary, error) {
	word := nonce()
	return &canary{args: []string{c.Allowed, word}, late: true, crossed: c.allowed.hears(word)}, nil
}

func layAbstract(c *caller) (*canary, error) { return c.socketAt("stream", "@"+nonce()) }

// saySocket says a word to a unix socket.
func saySocket(kind string) func([]string) (string, error) {
	return func(args []string) (string, error) {
		conn, err := net.DialUnix(networks[kind], nil, &net.UnixAddr{Name: args[0], Net: networks[kind]})
		if err != nil {
			return "", err
		}
		_, err = conn.Write([]byte(args[1]))
		return "", err
	}
}

func sayByPair(args []string) (string, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		return "", err
	}
	return "", unix.Sendto(fds[0], []byte(args[1]), 0, &unix.SockaddrUnix{Name: args[0]})
}

// layCustomer connects to what the jail binds.
func layCustomer(c *caller) (*canary, error) {
	path, word := c.where(jailProject), nonce()
	return &canary{args: []string{path, word}, late: true, crossed: func(string) bool {
		conn, err := net.Dial("unix", path)
		if err != nil {
			return false
		}
		defer conn.Close()
		b := make([]byte, len(word))
		conn.SetDeadline(time.Now().Add(patience))
		_, err = conn.Read(b)
		return err == nil && string(b) == word
	}}, nil
}

func bindAndSay(args []string) (string, error) {
	l, err := net.Listen("unix", args[0])
	if err != nil {
		return "", err
	}
	if err := os.Chmod(args[0], 0o777); err != nil {
		return "", err
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte(args[1]))
		}
	}()
	return "", nil
}

// layGiver hands a TCP connection to whoever connects.
func layGiver(c *caller) (*canary, error) {
	tcp, e, err := c.listenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f, err := dialed(tcp.Addr().String())
	if err != nil {
		return nil, err
	}
	path, word := c.where(jailPlace), nonce()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	c.later(func() { l.Close(); f.Close() })
	go func() {
		for {
			conn, err := l.AcceptUnix()
			if err != nil {
				return
			}
			conn.WriteMsgUnix([]byte{'!'}, unix.UnixRights(int(f.Fd())), nil)
			conn.Close()
		}
	}()
	return &canary{args: []string{path, word}, late: true, crossed: e.hears(word)}, os.Chmod(path, 0o777)
}

func takeAndSay(args []string) (string, error) {
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: args[0], Net: "unix"})
	if err != nil {
		return "", err
	}
	b, rights := make([]byte, 1), make([]byte, 64)
	_, n, _, _, err := conn.ReadMsgUnix(b, rights)
	if err != nil {
		return "", err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return "", fmt.Errorf("no descriptor came: %v", err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return "", err
	}
	_, err = unix.Write(fds[0], []byte(args[1]))
	return "", err
}

// serviceSockets are where services listen whose clients have the host act for
// them. Sources: nscd(8), dbus-daemon(1), nss-resolve(8), dockerd(8).
var serviceSockets = []string{"/run/nscd/socket", "/run/dbus/system_bus_socket", "/run/systemd/resolve/io.systemd.Resolve", "/run/docker.sock"}

// layServices covers the caller's own /run, and listens in the services' place.
func layServices(c *caller) (*canary, error) {
	if !c.Own {
		return &canary{lacks: "/run is others' as well"}, nil
	}
	if err := unix.Mount("services", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return nil, err
	}
	c.later(func() { unix.Unmount("/run", unix.MNT_DETACH) })
	word := nonce()
	var asked []func(string) bool
	for _, path := range serviceSockets {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		e, err := c.attendUnix("stream", path)
		if err != nil {
			return nil, err
		}
		asked = append(asked, e.hears(word))
	}
	return &canary{args: []string{word}, late: true, crossed: func(string) bool {
		for _, f := range asked {
			if f("") {
				return true
			}
		}
		return false
	}}, nil
}

func askServices(args []string) (string, error) {
	var last error
	for _, path := range serviceSockets {
		if _, err := saySocket("stream")([]string{path, args[0]}); err != nil {
			last = err
		}
	}
	return "", last
}

package e2e

import (
	"net"
	"os"
	"syscall"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// prepare makes the streams of a setting, before the canaries, which may want
// the terminal.
func (c *caller) prepare(s setting) (*post, error) {
	p := &post{setting: s}
	switch s {
	case withUnixSocket:
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return nil, err
		}
		p.both(c, os.NewFile(uintptr(fds[0]), "client"), os.NewFile(uintptr(fds[1]), "server"))
	case withInetSocket:
		client, server, err := connectedTCP("127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		p.both(c, client, server)
	case withTerminal, withErrors:
		master, slave, err := pty.Open()
		if err != nil {
			return nil, err
		}
		c.master, c.slave = master, slave
		c.later(func() { slave.Close(); master.Close() })
		if err := plainTerminal(slave); err != nil {
			return nil, err
		}
		if s == withTerminal {
			p.to, p.from = master, master
			return p, nil
		}
		return p, p.pipes(c)
	default:
		return p, p.pipes(c)
	}
	return p, nil
}

// both is a connection as the agent's 0 and 1.
func (p *post) both(c *caller, client, server *os.File) {
	c.later(func() { client.Close() })
	p.to, p.from, p.given = client, client, []*os.File{server}
}

// pipes are the agent's 0 and 1.
func (p *post) pipes(c *caller) error {
	in, to, err := os.Pipe()
	if err != nil {
		return err
	}
	from, out, err := os.Pipe()
	if err != nil {
		return err
	}
	c.later(func() { to.Close(); from.Close() })
	p.to, p.from, p.given = to, from, []*os.File{in, out}
	return nil
}

// wire gives the command its streams.
func (p *post) wire(c *caller) {
	p.cmd.Stderr = &p.words
	switch p.setting {
	case withTerminal:
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = c.slave, c.slave, c.slave
	case withErrors:
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = p.given[0], p.given[1], c.slave
	case withPipes:
		p.cmd.Stdin, p.cmd.Stdout = p.given[0], p.given[1]
	default:
		p.cmd.Stdin, p.cmd.Stdout = p.given[0], p.given[0]
	}
	if c.slave != nil {
		ctty := 2
		p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: ctty}
	}
}

// plainTerminal has a terminal neither echo nor change what is written.
func plainTerminal(f *os.File) error {
	mode, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		return err
	}
	mode.Lflag &^= unix.ECHO
	mode.Oflag &^= unix.OPOST
	return unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, mode)
}

// connectedTCP is a connection, both ends.
func connectedTCP(address string) (client, server *os.File, err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	a, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	defer a.Close()
	b, err := l.Accept()
	if err != nil {
		return nil, nil, err
	}
	defer b.Close()
	if client, err = a.(*net.TCPConn).File(); err != nil {
		return nil, nil, err
	}
	server, err = b.(*net.TCPConn).File()
	if err == nil {
		err = unix.SetNonblock(int(server.Fd()), false)
	}
	return client, server, err
}

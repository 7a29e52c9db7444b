package runner

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
)

// Canary is a TCP listener on the loopback of netjail's own network namespace.
// What reaches it decides whether a jailed process can get out; netjail's own
// connection, made first, shows that it is alive.
type Canary struct {
	fd      int
	control bool
	address inet.AddrPort
}

// NewCanary listens and connects once.
func NewCanary() (*Canary, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("make the canary: %w", err)
	}
	c := &Canary{fd: fd}
	local := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := errors.Join(unix.Bind(fd, local), unix.Listen(fd, 8)); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("make the canary listen on 127.0.0.1: %w", err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("ask for the canary's port: %w", err)
	}
	local = name.(*unix.SockaddrInet4)
	c.address = inet.AddrPortFrom(inet.AddrFrom4(local.Addr), uint16(local.Port))
	c.control = c.connectOnce(local)
	return c, nil
}

// Port is the listener's.
func (c *Canary) Port() uint16 { return c.address.Port() }

// connectOnce is the positive control.
func (c *Canary) connectOnce(to *unix.SockaddrInet4) bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	if unix.Connect(fd, to) != nil {
		return false
	}
	return c.accept() == 1
}

// accept takes what has arrived and counts it.
func (c *Canary) accept() int {
	for n := 0; ; n++ {
		fd, _, err := unix.Accept4(c.fd, unix.SOCK_CLOEXEC)
		if err != nil {
			return n
		}
		unix.Close(fd)
	}
}

// Result says what reached the canary since its own connection.
func (c *Canary) Result() *evidence.Listener {
	return &evidence.Listener{Address: c.address, Control: c.control, Strangers: c.accept()}
}

// Close closes the listener.
func (c *Canary) Close() error { return unix.Close(c.fd) }

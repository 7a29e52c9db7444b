package runner

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/plan"
)

// mostAddresses bounds the addresses that get listeners: each is two sockets.
const mostAddresses = 64

// mostTries bounds netjail's own attempts to reach a listener.
const mostTries = 5

// services are listeners of netjail's, TCP and UDP, on the addresses of its own
// network namespace.
type services struct {
	token []byte
	list  []service
	seen  evidence.Services
}

type service struct {
	fd      int
	target  plan.Service
	control bool
}

// newServices listens on every address, the loopback's first. One on which the
// kernel lets nobody listen, as it is while IPv6 looks for a duplicate, is told.
func newServices(token []byte) (*services, error) {
	found := evidence.ReadOwnAddresses()
	if !found.Known {
		return nil, errors.New("list the host's addresses: " + found.Why)
	}
	s := &services{token: token}
	for _, a := range inOrder(found.Value) {
		if s.seen.Addresses == mostAddresses {
			s.seen.Left++
			continue
		}
		if err := s.listen(a); err != nil {
			s.seen.Unbound = append(s.seen.Unbound, a.Prefix.Addr().String()+": "+err.Error())
			continue
		}
		s.seen.Addresses++
	}
	return s, nil
}

// inOrder are the addresses, each once, those of the loopback first.
func inOrder(list []evidence.Address) []evidence.Address {
	var out []evidence.Address
	for _, loopback := range []bool{true, false} {
		for _, a := range list {
			again := slices.ContainsFunc(out, func(b evidence.Address) bool {
				return a.Prefix.Addr() == b.Prefix.Addr() && scope(a) == scope(b)
			})
			if a.Prefix.Addr().IsLoopback() == loopback && !again {
				out = append(out, a)
			}
		}
	}
	return out
}

// scope is the interface that belongs to a link-local address of IPv6.
func scope(a evidence.Address) uint32 {
	if b := a.Prefix.Addr().AsSlice(); len(b) == 16 && b[0] == 0xfe && b[1]&0xc0 == 0x80 {
		return uint32(a.Link)
	}
	return 0
}

// listen opens both listeners of an address.
func (s *services) listen(a evidence.Address) error {
	var made []service
	for _, datagram := range []bool{false, true} {
		one := service{target: plan.Service{Address: inet.AddrPortFrom(a.Prefix.Addr(), 0), Scope: scope(a), Datagram: datagram}}
		if err := one.open(); err != nil {
			for i := range made {
				unix.Close(made[i].fd)
			}
			return err
		}
		made = append(made, one)
	}
	for i := range made {
		// A signal interrupts connect(2) with a time limit: netjail tries again.
		for n := 0; n < mostTries && !made[i].control; n++ {
			made[i].control = made[i].reach(s.token)
		}
	}
	s.list = append(s.list, made...)
	return nil
}

// open binds the listener to a port that the kernel chooses.
func (s *service) open() error {
	fd, err := s.socket(unix.SOCK_NONBLOCK)
	if err != nil {
		return err
	}
	err = unix.Bind(fd, s.address())
	if err == nil && !s.target.Datagram {
		err = unix.Listen(fd, 8)
	}
	var name unix.Sockaddr
	if err == nil {
		name, err = unix.Getsockname(fd)
	}
	if err != nil {
		unix.Close(fd)
		return err
	}
	s.fd, s.target.Address = aside(fd), inet.AddrPortFrom(s.target.Address.Addr(), portOf(name))
	return nil
}

func (s *service) socket(flags int) (int, error) {
	family, kind := unix.AF_INET, unix.SOCK_STREAM
	if s.target.Address.Addr().Is6() {
		family = unix.AF_INET6
	}
	if s.target.Datagram {
		kind = unix.SOCK_DGRAM
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC|flags, 0)
	if err != nil {
		return -1, fmt.Errorf("make a socket: %w", err)
	}
	return fd, nil
}

func (s *service) address() unix.Sockaddr {
	a := s.target.Address
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port()), ZoneId: s.target.Scope}
}

func portOf(name unix.Sockaddr) uint16 {
	switch n := name.(type) {
	case *unix.SockaddrInet4:
		return uint16(n.Port)
	case *unix.SockaddrInet6:
		return uint16(n.Port)
	}
	return 0
}

// reach is the positive control: netjail's own connection, or datagram, arrives.
func (s *service) reach(token []byte) bool {
	fd, err := s.socket(0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	patience := unix.NsecToTimeval(int64(200e6))
	if unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &patience) != nil || unix.Connect(fd, s.address()) != nil {
		return false
	}
	if s.target.Datagram {
		if n, err := unix.Write(fd, token); err != nil || n != len(token) {
			return false
		}
	}
	s.await()
	return s.take(token) > 0
}

// await gives what was sent a second to arrive: on a busy machine the kernel hands
// it over later, and it would then count as somebody else's.
func (s *service) await() {
	const patience = 1000 // ms
	for {
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN}}, patience); err != unix.EINTR {
			return // what has not come is not counted, and the control says so
		}
	}
}

// take counts the connections that have arrived, or the datagrams with the token,
// and drops whatever came.
func (s *service) take(token []byte) (n int) {
	for {
		if s.target.Datagram {
			var b [plan.TokenSize + 1]byte
			size, _, err := unix.Recvfrom(s.fd, b[:], 0)
			switch {
			case err == unix.ECONNREFUSED: // the news of some datagram before
			case err != nil:
				return n
			case bytes.Equal(b[:size], token):
				n++
			}
			continue
		}
		fd, _, err := unix.Accept4(s.fd, unix.SOCK_CLOEXEC)
		if err != nil {
			return n
		}
		unix.Close(fd)
		n++
	}
}

// targets are the listeners as the plan's attempts aim at them.
func (s *services) targets() []plan.Service {
	list := make([]plan.Service, len(s.list))
	for i := range s.list {
		list[i] = s.list[i].target
	}
	return list
}

// result says what has arrived since netjail's own.
func (s *services) result() evidence.Services {
	seen := s.seen
	for i := range s.list {
		one := &s.list[i]
		seen.List = append(seen.List, evidence.Service{
			Address: one.target.Address, Datagram: one.target.Datagram, Control: one.control, Arrived: one.take(s.token),
		})
	}
	return seen
}

func (s *services) close() error {
	var errs []error
	for i := range s.list {
		errs = append(errs, unix.Close(s.list[i].fd))
	}
	s.list = nil
	return errors.Join(errs...)
}

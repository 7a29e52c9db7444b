package e2e

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// linkUp sets an interface up.
func linkUp(name string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	r, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, r)
}

func loopbackUp() error { return linkUp("lo") }

// tunAddress is the caller's end of its tun device.
var tunAddress = [4]byte{10, 99, 0, 1}

// tun is the caller's own interface, in its own network namespace.
func (c *caller) tun() (*os.File, error) {
	if c.device != nil {
		return c.device, nil
	}
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	name := "nj" + nonce()[7:15]
	r, err := unix.NewIfreq(name)
	if err != nil {
		return nil, err
	}
	r.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, r); err != nil {
		return nil, err
	}
	if err := addressed(name); err != nil {
		return nil, err
	}
	c.device = os.NewFile(uintptr(fd), "tun")
	return c.device, linkUp(name)
}

// addressed gives an interface tunAddress, with 24 bits.
func addressed(name string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	for _, step := range []struct {
		request uint
		address [4]byte
	}{{unix.SIOCSIFADDR, tunAddress}, {unix.SIOCSIFNETMASK, [4]byte{255, 255, 255, 0}}} {
		r, err := unix.NewIfreq(name)
		if err != nil {
			return err
		}
		if err := r.SetInet4Addr(step.address[:]); err != nil {
			return err
		}
		if err := unix.IoctlIfreq(fd, step.request, r); err != nil {
			return err
		}
	}
	return nil
}

func layTun(c *caller) (*canary, error) {
	if !c.Own {
		return &canary{lacks: "the network is others' as well"}, nil
	}
	device, err := c.tun()
	if err != nil {
		return &canary{lacks: "no tun device: " + err.Error()}, nil
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: tunAddress[:]})
	if err != nil {
		return nil, err
	}
	e, word := new(ear), nonce()
	c.later(func() { conn.Close() })
	go e.listen(conn)
	fd, err := unix.Dup(int(device.Fd()))
	port := conn.LocalAddr().(*net.UDPAddr).Port
	return &canary{args: []string{fmt.Sprint(port), word}, fd: os.NewFile(uintptr(fd), "tun"), late: true, crossed: e.hears(word)}, err
}

// injectPacket writes a datagram as if it had come by wire.
func injectPacket(args []string) (string, error) {
	text := args[2]
	b := make([]byte, 28, 28+len(text))
	b[0], b[8], b[9] = 0x45, 64, unix.IPPROTO_UDP
	binary.BigEndian.PutUint16(b[2:], uint16(28+len(text)))
	copy(b[12:], []byte{10, 99, 0, 2})
	copy(b[16:], tunAddress[:])
	sum := uint32(0)
	for i := 0; i < 20; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum+sum>>16))
	binary.BigEndian.PutUint16(b[20:], 5353)
	binary.BigEndian.PutUint16(b[22:], uint16(number(args[1])))
	binary.BigEndian.PutUint16(b[24:], uint16(8+len(text))) // without a checksum
	_, err := unix.Write(number(args[0]), append(b, text...))
	return "", err
}

// layFuse mounts a file system that a part of this process answers for, and keeps
// the names that are looked up in it.
func layFuse(c *caller) (*canary, error) {
	if !c.Own {
		return &canary{lacks: "the mounts are others' as well"}, nil
	}
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return &canary{lacks: "no FUSE: " + err.Error()}, nil
	}
	dir := filepath.Join(c.Place, nonce())
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	options := fmt.Sprintf("fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", fd)
	if err := unix.Mount("canary", dir, "fuse.canary", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		unix.Close(fd)
		return &canary{lacks: "no FUSE: " + err.Error()}, os.Remove(dir)
	}
	word := nonce()
	var asked atomic.Bool
	go answerFuse(fd, func(name string) {
		if strings.Contains(name, word) {
			asked.Store(true)
		}
	})
	c.later(func() { unix.Unmount(dir, unix.MNT_DETACH); unix.Close(fd); os.Remove(dir) })
	return &canary{args: []string{filepath.Join(dir, word)}, crossed: func(string) bool { return asked.Load() }}, nil
}

// Requests of linux/fuse.h.
const (
	fuseLookup  = 1
	fuseGetattr = 3
	fuseInit    = 26
)

// answerFuse serves a file system with nothing in it.
func answerFuse(fd int, lookedUp func(string)) {
	b := make([]byte, 1<<17)
	for {
		n, err := unix.Read(fd, b)
		if err == unix.EINTR || err == unix.ENOENT {
			continue
		}
		if err != nil || n < 40 {
			return
		}
		errno, body := unix.ENOSYS, []byte(nil)
		switch binary.NativeEndian.Uint32(b[4:]) {
		case fuseInit:
			body = make([]byte, 64)
			for at, v := range map[int]uint32{0: 7, 4: 31, 8: 1 << 16, 20: 1 << 16, 24: 1} {
				binary.NativeEndian.PutUint32(body[at:], v)
			}
		case fuseGetattr:
			body = make([]byte, 104)
			binary.NativeEndian.PutUint64(body[16:], 1)       // inode
			binary.NativeEndian.PutUint32(body[76:], 0o40755) // mode
			binary.NativeEndian.PutUint32(body[80:], 2)       // links
			binary.NativeEndian.PutUint32(body[96:], 4096)    // block size
		case fuseLookup:
			lookedUp(string(b[40:n]))
			errno = unix.ENOENT
		}
		head := make([]byte, 16)
		binary.NativeEndian.PutUint32(head, uint32(16+len(body)))
		if body == nil {
			binary.NativeEndian.PutUint32(head[4:], uint32(-int32(errno)))
		}
		copy(head[8:], b[8:16])
		unix.Write(fd, append(head, body...))
	}
}

// lookUp wants the name looked up; that it is not there is no matter.
func lookUp(args []string) (string, error) {
	_, err := os.Lstat(args[0])
	if os.IsNotExist(err) {
		return "", nil
	}
	return "", err
}

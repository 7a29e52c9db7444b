package e2e

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// reentryChannels lead into the caller's namespaces. Each enters the network
// namespace first and speaks there afterwards, so that being there already is no
// way out.
func reentryChannels() []channel {
	list := []channel{
		{id: "escape.setns-proc", what: "setns(2) by /proc/PID/ns/net of a host process", lay: layEntrance, try: enterByProc},
		{id: "escape.pidfd", what: "setns(2) by a pidfd", lay: layEntrance, try: enterByPidfd},
		{id: "escape.handle", what: "open_by_handle_at(2) of the host's network namespace (Linux 6.18)", lay: layHandle, try: enterByHandle},
		{id: "escape.file-handle", what: "open_by_handle_at(2) of a file of the host's", lay: layFileHandle, try: openFileHandle},
		{id: "escape.siocgskns", what: "the namespace of an inherited socket, by ioctl(2)", fd: true, lay: layNamespaceSocket, try: enterBySocket},
	}
	for i := range list {
		c := &list[i]
		c.group, c.set, c.lay = "Back into the host", withPipes, forRoot(c.lay)
		c.fate = func(o *opening) string { return when(o.itself() && !o.fd(c), "namespaces.user") }
	}
	return list
}

// fd says whether the channel is a descriptor that the profile closes.
func (o *opening) fd(c *channel) bool {
	if !c.fd {
		return false
	}
	for _, n := range o.Process.InheritFDs {
		if n >= firstHeld {
			return false
		}
	}
	return true
}

func layEntrance(c *caller) (*canary, error) {
	l, e, err := c.listenTCP("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	word := nonce()
	return &canary{args: []string{strconv.Itoa(c.target.PID), l.Addr().String(), word}, late: true, crossed: e.hears(word)}, nil
}

// enterByProc tries every process that it sees, the target first.
func enterByProc(args []string) (string, error) {
	all, _ := filepath.Glob("/proc/[0-9]*/ns/net")
	err := error(errNotOut)
	for _, path := range append([]string{"/proc/" + args[0] + "/ns/net"}, all...) {
		var f *os.File
		if f, err = os.Open(path); err != nil {
			continue
		}
		_, err = enterAndSay([]string{fmt.Sprint(f.Fd()), args[1], args[2]})
		f.Close()
		if err == nil {
			return path, nil
		}
	}
	return "", err
}

func enterByPidfd(args []string) (string, error) {
	fd, err := unix.PidfdOpen(number(args[0]), 0)
	if err != nil {
		return "", err
	}
	return enterAndSay([]string{fmt.Sprint(fd), args[1], args[2]})
}

// handleNSFS is FD_NSFS_ROOT of linux/fcntl.h, which needs no descriptor.
const handleNSFS = -10003

func layHandle(c *caller) (*canary, error) {
	f, err := os.Open("/proc/self/ns/net")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, _, err := unix.NameToHandleAt(int(f.Fd()), "", unix.AT_EMPTY_PATH)
	if err != nil {
		return &canary{lacks: "this kernel has no handles of namespaces: " + err.Error()}, nil
	}
	k, err := layEntrance(c)
	if err != nil {
		return nil, err
	}
	k.args = append([]string{fmt.Sprint(h.Type()), hex.EncodeToString(h.Bytes())}, k.args[1:]...)
	return k, nil
}

func enterByHandle(args []string) (string, error) {
	b, err := hex.DecodeString(args[1])
	if err != nil {
		return "", err
	}
	fd, err := unix.OpenByHandleAt(handleNSFS, unix.NewFileHandle(int32(number(args[0])), b), unix.O_RDONLY)
	if err != nil {
		return "", err
	}
	return enterAndSay([]string{fmt.Sprint(fd), args[2], args[3]})
}

func layFileHandle(c *caller) (*canary, error) {
	dir, secret, err := c.secretFile(c.Place)
	if err != nil {
		return nil, err
	}
	h, _, err := unix.NameToHandleAt(unix.AT_FDCWD, filepath.Join(dir, "secret"), 0)
	if err != nil {
		return &canary{lacks: "this file system has no handles: " + err.Error()}, nil
	}
	return &canary{args: []string{fmt.Sprint(h.Type()), hex.EncodeToString(h.Bytes())}, crossed: func(answer string) bool { return answer == secret }}, nil
}

func openFileHandle(args []string) (string, error) {
	b, err := hex.DecodeString(args[1])
	if err != nil {
		return "", err
	}
	for _, path := range []string{"/usr", "/", "."} {
		var mount, fd int
		if mount, err = unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0); err != nil {
			continue
		}
		fd, err = unix.OpenByHandleAt(mount, unix.NewFileHandle(int32(number(args[0])), b), unix.O_RDONLY)
		if err == nil {
			return readAll(fd)
		}
	}
	return "", err
}

func layNamespaceSocket(c *caller) (*canary, error) {
	k, err := layEntrance(c)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	k.fd, k.args = os.NewFile(uintptr(fd), "socket"), k.args[1:]
	return k, err
}

func enterBySocket(args []string) (string, error) {
	const siocgskns = 0x894C
	fd, err := call(unix.SYS_IOCTL, uintptr(number(args[0])), siocgskns)
	if err != nil {
		return "", err
	}
	return enterAndSay([]string{fmt.Sprint(fd), args[1], args[2]})
}

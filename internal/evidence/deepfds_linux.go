package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// mostTries bounds how often the descriptors of a process that runs are read.
const mostTries = 8

// deepFDs lists the open descriptors of a process that does not stand still. It
// is known only where one reading met no descriptor that was closed meanwhile.
func (d *procDir) deepFDs(r *targetReader) Fact[[]FD] {
	var fds Fact[[]FD]
	for range mostTries {
		fds = d.fds()
		if fds.Known {
			break
		}
	}
	if !fds.Known {
		return fds
	}
	for i := range fds.Value {
		d.deepen(&fds.Value[i], r)
	}
	return fds
}

// deepen reads what a descriptor leads to.
func (d *procDir) deepen(f *FD, r *targetReader) {
	name := strconv.Itoa(f.Number)
	switch f.Kind {
	case FDFile, FDTerminal:
		text, err := d.read("fdinfo/" + name)
		if err != nil {
			return
		}
		f.Mount, _ = parseMountID(text)
		var st unix.Statx_t
		if unix.Statx(d.fd, "fd/"+name, unix.AT_STATX_DONT_SYNC, unix.STATX_TYPE, &st) == nil {
			f.Directory = st.Mode&unix.S_IFMT == unix.S_IFDIR
		}
	case FDSocket:
		f.HostNetwork = r.hostNetwork(d, f)
	}
}

// hostNetwork asks a copy of a socket for its network namespace. To get the copy
// takes what tracing the process takes.
func (r *targetReader) hostNetwork(d *procDir, f *FD) Fact[bool] {
	const source = "SO_NETNS_COOKIE by pidfd_getfd(2)"
	if r.cookie == 0 {
		return Unknown[bool](source, "this kernel tells no network namespace of a socket (Linux 5.14 does)")
	}
	if d.path != "/proc/"+strconv.Itoa(r.pid)+"/" {
		return Unknown[bool](source, "the thread has descriptors of its own")
	}
	fd, err := pidfdGetfd(r.pidfd, f.Number)
	if err != nil {
		return Unknown[bool](source, whyNot(err))
	}
	defer unix.Close(fd)
	// The number may be open on something else by now.
	link, err := unixReadlink("/proc/self/fd/" + strconv.Itoa(fd))
	if err != nil || link != f.Target {
		return Unknown[bool](source, whyClosed)
	}
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_NETNS_COOKIE)
	if err != nil {
		return Unknown[bool](source, whyNot(err))
	}
	return Known(cookie == r.cookie, source)
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

var errNoMountLine = errors.New("it has no line of its mount")

// parseMountID reads fdinfo's line "mnt_id:".
func parseMountID(text []byte) (int, error) {
	id := 0
	err := eachLine(text, func(line []byte) error {
		value, ok := bytes.CutPrefix(line, []byte("mnt_id:\t"))
		if !ok {
			return nil
		}
		n, err := decimal(value, math.MaxInt32)
		id = int(n)
		return err
	})
	if err == nil && id == 0 {
		err = errNoMountLine
	}
	return id, err
}

// foundSockets are the pathname sockets that netjail's network namespace knows and
// that the process finds under the same name: the same file, by device and inode.
func (d *procDir) foundSockets() Fact[[]string] {
	source := "/proc/self/net/unix, and openat2(2) below " + d.path + "root"
	text, err := readFile("/proc/self/net/unix")
	if err != nil {
		return Unknown[[]string](source, whyNot(err))
	}
	names, _, err := boundNames(text, []string{"/"})
	if err != nil {
		return Unknown[[]string](source, err.Error())
	}
	root, err := d.sub("root", unix.O_PATH)
	if err != nil {
		return Unknown[[]string](source, whyNot(err))
	}
	defer unix.Close(root)
	found := []string{}
	for _, name := range names {
		own, err := fileID(unix.AT_FDCWD, name)
		if err != nil {
			continue // what netjail does not find it cannot compare
		}
		if its, err := fileIDInRoot(root, name); err == nil && its == own {
			found = append(found, name)
		}
	}
	return Known(found, source)
}

// fileID is the file system and inode of a file; symbolic links on the way are
// followed, the last one is not.
func fileID(dir int, name string) (string, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return "", err
	}
	return fmt.Sprint(st.Dev, " ", st.Ino), nil
}

func fileIDInRoot(root int, name string) (string, error) {
	fd, err := openInRoot(root, strings.TrimPrefix(name, "/"), unix.O_PATH|unix.O_NOFOLLOW)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return "", err
	}
	return fmt.Sprint(st.Dev, " ", st.Ino), nil
}

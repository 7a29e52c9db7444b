package evidence

import (
	"bytes"
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// ReadRelatives lists every process that /proc shows. One that ends meanwhile is
// left out.
func ReadRelatives() ([]Relative, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	var all []Relative
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if r, ok := ReadRelative(pid); ok {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// ReadRelative reads one of them.
func ReadRelative(pid int) (Relative, bool) {
	text, err := readFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return Relative{}, false
	}
	r, err := parseRelative(text)
	return r, err == nil && r.PID == pid
}

// Descends asks for the parents of a process one after the other, and says whether
// they lead to top. Where one ends meanwhile its children have another parent, and it
// asks again.
func Descends(pid, top int) bool {
	const tries = 3
	for range tries {
		one, ok := ReadRelative(pid)
		for ok && one.Parent != top && one.Parent != 0 {
			one, ok = ReadRelative(one.Parent)
		}
		if ok {
			return one.Parent == top
		}
	}
	return false
}

// parseRelative reads a line of proc_pid_stat(5).
func parseRelative(text []byte) (r Relative, err error) {
	if r.Name, r.Start, err = parseStart(text); err != nil {
		return r, err
	}
	number, _, _ := bytes.Cut(text, []byte{' '})
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	const parent, threads = 4 - 3, 20 - 3 // counted from 1, and two stand before
	var errs [3]error
	r.PID, errs[0] = strconv.Atoi(string(number))
	r.Parent, errs[1] = strconv.Atoi(string(fields[parent]))
	r.Threads, errs[2] = strconv.Atoi(string(fields[threads]))
	r.State = fields[0][0]
	return r, errors.Join(errs[:]...)
}

// Bears says whether a process is in one of the namespaces, or in a user namespace
// below the marked one.
func (m *Marks) Bears(pid int) bool {
	for _, k := range ns.All() {
		if m[k] == 0 {
			continue
		}
		if id := ReadNamespace(pid, k); id.Known && id.Value == m[k] {
			return true
		}
	}
	return m[ns.User] != 0 && below(pid, m[ns.User])
}

// mostNesting is how deep user namespaces nest: user_namespaces(7).
const mostNesting = 32

// below says whether a process's user namespace descends from another. Source:
// NS_GET_PARENT of ioctl_nsfs(2).
func below(pid int, top NamespaceID) bool {
	fd, err := unix.Open("/proc/"+strconv.Itoa(pid)+"/ns/user", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return descends(fd, err, top)
}

// descends walks from an open user namespace, which it closes, up to its ancestors.
func descends(fd int, err error, top NamespaceID) bool {
	for range mostNesting {
		if err != nil {
			return false
		}
		id, unread := inode(fd)
		if unread != nil || id == top {
			unix.Close(fd)
			return unread == nil
		}
		parent, why := unix.IoctlRetInt(fd, unix.NS_GET_PARENT)
		unix.Close(fd)
		fd, err = parent, why
	}
	if err == nil {
		unix.Close(fd)
	}
	return false
}

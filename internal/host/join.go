package host

import (
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// readJoined looks at the files of the namespaces that are joined.
func readJoined(h *plan.Host, p *policy.Policy) {
	for _, k := range ns.All() {
		if p.Namespaces[k] == policy.NamespaceJoin {
			h.Joined[k] = joined(p.Joined[k], k, h.UID)
		}
	}
}

// joined looks at the file of one namespace.
func joined(path string, k ns.Kind, uid uint32) plan.Joined {
	fd, why, help := openNamespace(path, k)
	if why != "" {
		return plan.Joined{Path: path, Why: why, Help: help}
	}
	defer unix.Close(fd)
	j := plan.Joined{Path: path}
	own, err := ownNamespace(k)
	user, err2 := ownNamespace(ns.User)
	if err := errors.Join(nodeOf(fd, &j.Node), err, err2); err != nil {
		j.Why, j.Help = err.Error(), "mount /proc where netjail runs"
		return j
	}
	if own == j.Node.Inode {
		j.Why, j.Help = path+" is netjail's own "+k.String()+" namespace", "write `"+k.String()+": host`"
		return j
	}
	j.Owner = ownerOf(fd, k)
	j.Own = j.Owner == user
	switch k {
	case ns.User:
		j.Why, j.Help = userWhy(fd, &j, uid)
	case ns.PID:
		j.Why, j.Help = pidWhy(fd, &j, own)
	}
	return j
}

// ownNamespace is the inode of one of netjail's own namespaces.
func ownNamespace(k ns.Kind) (uint64, error) {
	var st unix.Stat_t
	if err := unix.Stat("/proc/thread-self/ns/"+k.Link(), &st); err != nil {
		return 0, fmt.Errorf("read netjail's own %s namespace: %w", k, err)
	}
	return st.Ino, nil
}

// openNamespace opens the file of a namespace of the right kind. It is opened as a
// path first: to open a FIFO, or a device, can wait or do something.
func openNamespace(path string, k ns.Kind) (fd int, why, help string) {
	at, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	switch err {
	case nil:
		defer unix.Close(at)
	case unix.EACCES, unix.EPERM:
		return -1, path + ": " + err.Error(), "whoever may not trace a process may not look at its namespaces: join those of a process of the caller's own, or a file that they are bound to"
	default:
		return -1, path + ": " + err.Error(), "name the file of a namespace: /proc/PID/ns/" + k.Link() + " of a living process, or a file that it is bound to, such as those of `ip netns`"
	}
	var fs unix.Statfs_t
	if err := unix.Fstatfs(at, &fs); err != nil {
		return -1, path + ": " + err.Error(), "name the file of a namespace"
	}
	if fs.Type != unix.NSFS_MAGIC {
		return -1, path + " is no file of a namespace", "name /proc/PID/ns/" + k.Link() + ", or a file that it is bound to (mount(8), --bind)"
	}
	fd, err = unix.Open("/proc/self/fd/"+strconv.Itoa(at), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, path + ": " + err.Error(), "see that the caller may read it"
	}
	if why := otherKind(fd, k); why != "" {
		unix.Close(fd)
		return -1, path + " is " + why, "name one whose link in /proc/PID/ns is " + k.Link()
	}
	return fd, "", ""
}

// otherKind says which other kind a namespace is of, or nothing.
func otherKind(fd int, k ns.Kind) string {
	flag, err := unix.IoctlRetInt(fd, unix.NS_GET_NSTYPE)
	if err != nil {
		return "of a kind that the kernel does not tell: " + err.Error()
	}
	if uintptr(flag) == k.CloneFlag() {
		return ""
	}
	for _, other := range ns.All() {
		if uintptr(flag) == other.CloneFlag() {
			return "a namespace of the kind " + other.String() + ", not " + k.String()
		}
	}
	return "a namespace of another kind than " + k.String()
}

// nodeOf says which file is open.
func nodeOf(fd int, n *tree.Node) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("look at a namespace: %w", err)
	}
	*n = tree.Node{Device: st.Dev, Inode: st.Ino, Type: st.Mode & unix.S_IFMT}
	return nil
}

// ownerOf is the user namespace that owns a namespace, and of a user namespace
// its parent; 0 where that lies outside netjail's own.
func ownerOf(fd int, k ns.Kind) uint64 {
	request := uint(unix.NS_GET_USERNS)
	if k == ns.User {
		request = unix.NS_GET_PARENT
	}
	of, err := unix.IoctlRetInt(fd, request)
	if err != nil {
		return 0
	}
	defer unix.Close(of)
	var n tree.Node
	if nodeOf(of, &n) != nil {
		return 0
	}
	return n.Inode
}

// userWhy says why a user namespace is not joined. Who has made one has every
// capability in it, and so has who has CAP_SYS_ADMIN in its parent.
// Source: user_namespaces(7).
func userWhy(fd int, j *plan.Joined, uid uint32) (why, help string) {
	if !j.Own {
		return j.Path + " is not a child of netjail's own user namespace: what the command may do there could not be told", "join the user namespace of a jail that was made from here"
	}
	maker, err := unix.IoctlGetUint32(fd, unix.NS_GET_OWNER_UID)
	if err != nil {
		return "who made " + j.Path + " cannot be read: " + err.Error(), "join the user namespace of a jail of the caller's own"
	}
	if maker != uid && uid != 0 {
		return fmt.Sprintf("%s was made by the user %d: only that user has capabilities in it", j.Path, maker), "run netjail as that user, or join a jail of the caller's own"
	}
	return "", ""
}

// pidWhy says why a pid namespace is not joined: it has to be one below netjail's own.
// Source: setns(2).
func pidWhy(fd int, j *plan.Joined, own uint64) (why, help string) {
	at, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	for err == nil {
		var above int
		above, err = unix.IoctlRetInt(at, unix.NS_GET_PARENT)
		unix.Close(at)
		if err != nil {
			break
		}
		var n tree.Node
		if err = nodeOf(above, &n); err == nil && n.Inode == own {
			unix.Close(above)
			return "", ""
		}
		at = above
	}
	return j.Path + " does not lie below netjail's own pid namespace", "run netjail where the processes of that namespace are seen: outside of it"
}

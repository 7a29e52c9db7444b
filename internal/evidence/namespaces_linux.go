package evidence

import (
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// namespaces reads the links below ns. nextTime tells that the process has left its
// time namespace and enters the other with its next execve(2), nextPID that what it
// makes is in another pid namespace.
func (d *procDir) namespaces(nextTime, nextPID bool) [ns.Count]Fact[NamespaceID] {
	var ids [ns.Count]Fact[NamespaceID]
	dir, err := d.sub("ns", unix.O_PATH)
	if err != nil {
		for k := range ids {
			ids[k] = Unknown[NamespaceID](d.path+"ns", whyNot(err))
		}
		return ids
	}
	defer unix.Close(dir)
	for _, k := range ns.All() {
		name := k.Link()
		switch {
		case nextTime && k == ns.Time:
			name = timeForChildren
		case nextPID && k == ns.PID:
			name = pidForChildren
		}
		link, err := d.link(dir, name)
		ids[k] = namespaceFact(k, link, err, d.path+"ns/"+name)
	}
	return ids
}

// namespaceFact is what a link said, or why it said nothing.
func namespaceFact(k ns.Kind, link []byte, err error, source string) Fact[NamespaceID] {
	switch {
	case err == unix.ENOENT && k == ns.Time:
		return Known(NoNamespace, source+": ENOENT")
	case err != nil:
		return Unknown[NamespaceID](source, whyNot(err))
	}
	return lineFact(parseNSLink(link, k))(source)
}

// ReadNamespace reads which namespace of one kind a process is in.
func ReadNamespace(pid int, k ns.Kind) Fact[NamespaceID] { return readNamespaceLink(pid, k, k.Link()) }

func readNamespaceLink(pid int, k ns.Kind, name string) Fact[NamespaceID] {
	source := "/proc/" + strconv.Itoa(pid) + "/ns/" + name
	var buffer [64]byte
	n, err := unix.Readlink(source, buffer[:])
	return namespaceFact(k, buffer[:max(n, 0)], err, source)
}

// ReadNextPID reads in which pid namespace a process makes others.
func ReadNextPID(pid int) Fact[NamespaceID] {
	return readNamespaceLink(pid, ns.PID, pidForChildren)
}

// Owner says which user namespace owns a namespace.
type Owner struct{ Of, Owner Fact[NamespaceID] }

// ReadNextTimeOwner asks who owns the time namespace that a process enters with
// its next execve(2).
func ReadNextTimeOwner(pid int) Owner {
	path := "/proc/" + strconv.Itoa(pid) + "/"
	return readOwner(unix.AT_FDCWD, "", path+"ns/"+timeForChildren, ns.Time)
}

// ReadOwners asks for the owners of a process's namespaces, but not for those of
// skip. The owner of a user namespace is its parent. A namespace's owner never
// changes, so that this need not wait until the process stands still; Of says
// whose owner it is.
func ReadOwners(pid int, skip [ns.Count]bool) [ns.Count]Owner {
	var owners [ns.Count]Owner
	path := "/proc/" + strconv.Itoa(pid) + "/"
	for _, k := range ns.All() {
		if !skip[k] {
			owners[k] = readOwner(unix.AT_FDCWD, "", path+"ns/"+k.Link(), k)
		}
	}
	return owners
}

// readOwners opens every namespace but those of skip and asks which user
// namespace owns it.
func (p *Process) readOwners(d *procDir, skip [ns.Count]bool) {
	for _, k := range ns.All() {
		if !skip[k] {
			p.Owners[k] = d.owner(k)
		}
	}
}

// owner asks for the owner of one namespace below the directory.
func (d *procDir) owner(k ns.Kind) Fact[NamespaceID] {
	return readOwner(d.fd, d.path, "ns/"+k.Link(), k).Owner
}

// readOwner opens one namespace and asks for its owner. The owner of a user
// namespace is its parent.
func readOwner(dir int, path, name string, k ns.Kind) Owner {
	request, call := uint(unix.NS_GET_USERNS), "NS_GET_USERNS of "
	if k == ns.User {
		request, call = unix.NS_GET_PARENT, "NS_GET_PARENT of "
	}
	source := call + path + name
	unknown := func(why string) Owner { return Owner{Owner: Unknown[NamespaceID](source, why)} }
	fd, err := unix.Openat(dir, name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return unknown(whyNot(err))
	}
	defer unix.Close(fd)
	of, err := unix.IoctlRetInt(fd, request)
	if err == unix.EPERM {
		return unknown("EPERM: it lies outside netjail's own user namespace")
	}
	if err != nil {
		return unknown(whyNot(err))
	}
	defer unix.Close(of)
	return Owner{Of: lineFact(inode(fd))(source), Owner: lineFact(inode(of))(source)}
}

// inode is the number by which an open namespace file identifies its namespace.
func inode(fd int) (NamespaceID, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	return NamespaceID(st.Ino), nil
}

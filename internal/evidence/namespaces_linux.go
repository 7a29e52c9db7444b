package evidence

import (
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// namespaces reads the links below ns.
func (d *procDir) namespaces() [ns.Count]Fact[NamespaceID] {
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
		source := d.path + "ns/" + k.Link()
		link, err := d.link(dir, k.Link())
		if err != nil {
			ids[k] = Unknown[NamespaceID](source, whyNot(err))
			continue
		}
		ids[k] = lineFact(parseNSLink(link, k))(source)
	}
	return ids
}

// ReadNamespace reads which namespace of one kind a process is in.
func ReadNamespace(pid int, k ns.Kind) Fact[NamespaceID] {
	source := "/proc/" + strconv.Itoa(pid) + "/ns/" + k.Link()
	var buffer [64]byte
	n, err := unix.Readlink(source, buffer[:])
	if err != nil {
		return Unknown[NamespaceID](source, whyNot(err))
	}
	return lineFact(parseNSLink(buffer[:n], k))(source)
}

// Owner says which user namespace owns a namespace.
type Owner struct{ Of, Owner Fact[NamespaceID] }

// ReadOwners asks for the owners of a process's namespaces, but not for those of
// skip. The owner of a user namespace is its parent. A namespace's owner never
// changes, so that this need not wait until the process stands still; Of says
// whose owner it is.
func ReadOwners(pid int, skip [ns.Count]bool) [ns.Count]Owner {
	var owners [ns.Count]Owner
	path := "/proc/" + strconv.Itoa(pid) + "/"
	for _, k := range ns.All() {
		if !skip[k] {
			owners[k] = readOwner(unix.AT_FDCWD, path, path+"ns/"+k.Link(), k)
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
	source := call + path + "ns/" + k.Link()
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

package tree

import "strings"

// showing is how a file system of the host is shown where a root is put
// together.
type showing uint8

const (
	byOverlay showing = iota // through a read-only overlay
	byBind                   // through a read-only bind
	notAtAll                 // covered, unless a key names it
)

// fileSystem is a kind of file system that is not shown through an overlay.
type fileSystem struct {
	name   string // as the mount table has it; with a dot at its end, a prefix
	show   showing
	reason string
}

// fileSystems are those kinds. What is not here is local, and overlayfs takes
// it. A name that is asked of a remote one makes the kernel, or a process of the
// host, talk to somebody on the command's behalf.
//
// Source: fs/Kconfig and the file systems' own Kconfig; for what overlayfs
// refuses, ovl_dentry_weird in fs/overlayfs/util.c.
var fileSystems = [...]fileSystem{
	{"9p", notAtAll, "a server answers: another machine, or the host of this one"},
	{"afs", notAtAll, "a server answers"},
	{"autofs", notAtAll, "looking up a name makes the host mount something"},
	{"beegfs", notAtAll, "a server answers"},
	{"ceph", notAtAll, "a server answers"},
	{"cifs", notAtAll, "a server answers"},
	{"coda", notAtAll, "a server answers"},
	{"cvmfs", notAtAll, "a server answers"},
	{"davfs", notAtAll, "a server answers"},
	{"fuse", notAtAll, "a process of the host answers"},
	{"fuse.", notAtAll, "a process of the host answers"},
	{"fuseblk", notAtAll, "a process of the host answers"},
	{"gfs2", notAtAll, "it is shared with other machines"},
	{"glusterfs", notAtAll, "a server answers"},
	{"gpfs", notAtAll, "a server answers"},
	{"lustre", notAtAll, "a server answers"},
	{"ncpfs", notAtAll, "a server answers"},
	{"nfs", notAtAll, "a server answers"},
	{"nfs4", notAtAll, "a server answers"},
	{"ocfs2", notAtAll, "it is shared with other machines"},
	{"orangefs", notAtAll, "a server answers"},
	{"pvfs2", notAtAll, "a server answers"},
	{"smb3", notAtAll, "a server answers"},
	{"smbfs", notAtAll, "a server answers"},
	{"vboxsf", notAtAll, "the host of this machine answers"},
	{"virtiofs", notAtAll, "the host of this machine answers"},
	{"vmhgfs", notAtAll, "the host of this machine answers"},

	{"binfmt_misc", notAtAll, "it is the kernel's: what starts which program"},
	{"bpf", notAtAll, "it is the kernel's: its programs and maps"},
	{"cgroup", notAtAll, "it is the kernel's: the host's control groups"},
	{"cgroup2", notAtAll, "it is the kernel's: the host's control groups"},
	{"configfs", notAtAll, "it is the kernel's: its configuration"},
	{"debugfs", notAtAll, "it is the kernel's: its insides"},
	{"devpts", notAtAll, "it holds the host's terminals"},
	{"devtmpfs", notAtAll, "it holds the host's devices"},
	{"efivarfs", notAtAll, "it is the firmware's"},
	{"fusectl", notAtAll, "it is the kernel's: the host's connections to FUSE"},
	{"hugetlbfs", notAtAll, "it is the kernel's: memory that processes share"},
	{"mqueue", notAtAll, "it holds the host's message queues"},
	{"nsfs", notAtAll, "it holds the host's namespaces"},
	{"proc", notAtAll, "it shows the host's processes"},
	{"pstore", notAtAll, "it is the kernel's: its last words"},
	{"resctrl", notAtAll, "it is the kernel's: the host's control groups"},
	{"rpc_pipefs", notAtAll, "its pipes lead to the host's processes"},
	{"securityfs", notAtAll, "it is the kernel's: its security modules"},
	{"selinuxfs", notAtAll, "it is the kernel's: its security modules"},
	{"smackfs", notAtAll, "it is the kernel's: its security modules"},
	{"sysfs", notAtAll, "it shows the host's devices and interfaces"},
	{"tracefs", notAtAll, "it is the kernel's: its insides"},

	{"exfat", byBind, "overlayfs does not take it, and it holds neither sockets nor FIFOs"},
	{"msdos", byBind, "overlayfs does not take it, and it holds neither sockets nor FIFOs"},
	{"vfat", byBind, "overlayfs does not take it, and it holds neither sockets nor FIFOs"},
}

// kindOf is the row of a file system's type, nil where it is shown through an
// overlay.
func kindOf(name string) *fileSystem {
	for i := range fileSystems {
		f := &fileSystems[i]
		if f.name == name || strings.HasSuffix(f.name, ".") && strings.HasPrefix(name, f.name) {
			return f
		}
	}
	return nil
}

// hides says whether a file system is covered where no key names it.
func (m *MountPoint) hides() (kind *fileSystem, covered bool) {
	kind = kindOf(m.Type)
	return kind, kind != nil && kind.show == notAtAll
}

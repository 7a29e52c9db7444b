package evidence

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// What the kernel tells everybody of a process, also of one whose namespaces may not
// be asked for: proc_tgid_net_lookup() of fs/proc/proc_net.c, mounts_open_common() of
// fs/proc_namespace.c and proc_id_map_open() of fs/proc/base.c ask for no right to
// trace it.

// openly notes of such a thread whether it is in the network and the mount
// namespace.
func (r *countReader) openly(d *procDir, one *Resident) error {
	if r.sought[ns.Network] != 0 {
		number, err := networkNumberAt(d)
		if err != nil {
			return err
		}
		one.In[ns.Network] = number == r.network
	}
	if r.sought[ns.Mount] == 0 {
		return nil
	}
	mount, err := d.firstMount()
	if err != nil {
		return err
	}
	for i := range r.jail.Mounts.Value {
		one.In[ns.Mount] = one.In[ns.Mount] || mount != 0 && r.jail.Mounts.Value[i].ID == mount
	}
	return nil
}

// networkNumber is what tells the files of a process's network namespace from those
// of another: each has entries of its own, with numbers of their own.
func networkNumber(path string) (fileNumber, error) {
	d, err := openProcDir(path)
	if err != nil {
		return fileNumber{}, err
	}
	defer d.close()
	return networkNumberAt(d)
}

func networkNumberAt(d *procDir) (fileNumber, error) {
	var st unix.Stat_t
	if err := unix.Fstatat(d.fd, "net/dev", &st, 0); err != nil {
		return fileNumber{}, err
	}
	return fileNumber{st.Dev, st.Ino}, nil
}

// firstMount is the number of the first mount that the thread sees, 0 where it sees
// none. The kernel makes no more of the table than is read.
func (d *procDir) firstMount() (int, error) {
	fd, err := unix.Openat(d.fd, "mountinfo", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		if err == unix.EINVAL { // it is about to end, and has no mount namespace any more
			err = unix.ESRCH
		}
		return 0, err
	}
	defer unix.Close(fd)
	var text [32]byte
	n, err := unix.Read(fd, text[:])
	if err != nil || n == 0 {
		return 0, err
	}
	number, _, _ := bytes.Cut(text[:n], []byte{' '})
	return strconv.Atoi(string(number))
}

// mayBeInUser says whether a process whose namespaces may not be asked for may be in
// the user namespace all the same. Netjail has made that, or has power over it, and
// may ask everybody in there who is dumpable, or has executed a program in it.
func (r *countReader) mayBeInUser(d *procDir) bool {
	if r.sought[ns.User] == 0 {
		return false
	}
	ids, dumpable := d.openIDs()
	its := d.idMap("uid_map")
	return !dumpable && (!its.Known || mayBelong(its.Value, ids.Effective, r.jail.UIDMap.Value))
}

// openIDs are the ids of a process, and whether the owner of its files shows that it
// is dumpable: the files of one that is not belong to a root.
func (d *procDir) openIDs() (ids IDs, dumpable bool) {
	text, whose, err := d.readOwned("status", true)
	if err != nil {
		return IDs{}, false
	}
	s, err := cutStatus(text)
	if err != nil {
		return IDs{}, false
	}
	ids, err = s.ids(lineUID)
	return ids, err == nil && whose.uid == ids.Effective && whose.uid != 0 && whose.uid != overflowID
}

// hidesOthers says whether /proc does not show everybody: with hidepid, to whoever may
// not trace them. Pid 1 is there always.
func hidesOthers() bool {
	return unix.Access("/proc/1/stat", unix.F_OK) != nil
}

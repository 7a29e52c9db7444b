package evidence

import "errors"

// owner is who a file below /proc/PID belongs to, in the reader's ids.
type owner struct{ uid, gid uint32 }

var errRootLike = errors.New("it belongs to a root, as the files of a process that is not dumpable do")

// overflowID stands for an id that the reader's user namespace does not know.
// Source: user_namespaces(7).
const overflowID = 65534

// dumpable tells from the owner of /proc/PID/status whether the process may be
// traced and dumped: the file belongs to the effective ids where it may, and to
// the root of a user namespace (its program's, or the first) where not. For a
// process that is such a root itself the two look alike.
//
// Source: proc(5), PR_SET_DUMPABLE in prctl(2), task_dump_owner in fs/proc/base.c.
func dumpable(file, effective owner, uids, gids []IDMapLine) (bool, error) {
	switch {
	case file != effective:
		return false, nil
	case rootLike(effective.uid, uids) && rootLike(effective.gid, gids):
		return false, errRootLike
	}
	return true, nil
}

// rootLike says whether id may be 0 of some user namespace around the process.
func rootLike(id uint32, lines []IDMapLine) bool {
	if id == 0 || id == overflowID {
		return true
	}
	for _, l := range lines {
		if l.Inside == 0 && l.Outside == id {
			return true
		}
	}
	return false
}

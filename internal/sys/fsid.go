package sys

import "golang.org/x/sys/unix"

// SetFSIDs sets the ids by which the kernel judges the calling thread where it
// opens files, and returns those before. Another user id than 0 takes root's power
// over files from the thread, and 0 gives it back. Source: setfsuid(2).
//
// Preconditions: the goroutine is locked to its thread, and sets the ids back
// before it is not.
func SetFSIDs(uid, gid uint32) (uidBefore, gidBefore uint32) {
	if uid == 0 {
		uidBefore, gidBefore = setFSID(unix.SYS_SETFSUID, uid), setFSID(unix.SYS_SETFSGID, gid)
		return uidBefore, gidBefore
	}
	gidBefore, uidBefore = setFSID(unix.SYS_SETFSGID, gid), setFSID(unix.SYS_SETFSUID, uid)
	return uidBefore, gidBefore
}

// setFSID has no error: the id stays where the kernel does not let it be set.
func setFSID(call uintptr, id uint32) (before uint32) {
	was, _, _ := unix.RawSyscall(call, uintptr(id), 0, 0)
	return uint32(was)
}

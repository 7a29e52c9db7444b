package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Constants of linux/sem.h.
const (
	semGetPID  = 11     // GETPID
	ipcRemove  = 0      // IPC_RMID
	ipcNoWait  = 0o4000 // IPC_NOWAIT
	ipcPrivate = 0      // IPC_PRIVATE
)

// MakeSemaphore makes a set of one semaphore, 0, which everybody may use: with
// that key or, where somebody has it, without one. Source: semget(2).
func MakeSemaphore(key int) (id int, err error) { return makeIPC(unix.SYS_SEMGET, key, 1) }

// MakeMessages makes a queue of messages, which everybody may use, in the same way.
// Source: msgget(2).
func MakeMessages(key int) (id int, err error) { return makeIPC(unix.SYS_MSGGET, key, 0) }

// makeIPC is semget(2) or msgget(2), whose flags stand in different places.
func makeIPC(call uintptr, key, size int) (id int, err error) {
	const createOnly = 0o1000 | 0o2000 | 0o666 // IPC_CREAT|IPC_EXCL
	get := func(key int) (uintptr, unix.Errno) {
		args := [3]uintptr{uintptr(key), createOnly}
		if size > 0 {
			args = [3]uintptr{uintptr(key), uintptr(size), createOnly}
		}
		r, _, errno := unix.Syscall(call, args[0], args[1], args[2])
		return r, errno
	}
	r, errno := get(key)
	if errno == unix.EEXIST {
		r, errno = get(ipcPrivate)
	}
	if errno != 0 {
		return 0, errno
	}
	return int(r), nil
}

// AddToSemaphore adds 1 to the first semaphore of a set. Source: semop(2).
func AddToSemaphore(id int) error {
	op := struct {
		number uint16
		add    int16
		flags  int16
	}{0, 1, ipcNoWait}
	_, _, errno := unix.Syscall(unix.SYS_SEMOP, uintptr(id), uintptr(unsafe.Pointer(&op)), 1)
	return errnoOrNil(errno)
}

// LastAtSemaphore is the process that changed it last, in the caller's pid
// namespace; 0 for one of another. Source: semctl(2), GETPID.
func LastAtSemaphore(id int) (pid int, err error) {
	r, _, errno := unix.Syscall6(unix.SYS_SEMCTL, uintptr(id), 0, semGetPID, 0, 0, 0)
	return int(r), errnoOrNil(errno)
}

// RemoveSemaphore removes a set.
func RemoveSemaphore(id int) error {
	_, _, errno := unix.Syscall6(unix.SYS_SEMCTL, uintptr(id), 0, ipcRemove, 0, 0, 0)
	return errnoOrNil(errno)
}

// RemoveMessages removes a queue.
func RemoveMessages(id int) error {
	_, _, errno := unix.Syscall(unix.SYS_MSGCTL, uintptr(id), ipcRemove, 0)
	return errnoOrNil(errno)
}

// SendMessage puts a message of type 1 into a queue, and does not wait. Source:
// msgop(2).
func SendMessage(id int, text []byte) error {
	b := append(make([]byte, 8, 8+len(text)), text...)
	b[0] = 1 // struct msgbuf: a long, then the text; all of netjail's machines are little-endian
	_, _, errno := unix.Syscall6(unix.SYS_MSGSND, uintptr(id), uintptr(unsafe.Pointer(&b[0])), uintptr(len(text)), ipcNoWait, 0, 0)
	return errnoOrNil(errno)
}

// ReceiveMessage takes the next message of at most most bytes, and does not wait:
// ENOMSG where there is none.
func ReceiveMessage(id, most int) ([]byte, error) {
	b := make([]byte, 8+most)
	r, _, errno := unix.Syscall6(unix.SYS_MSGRCV, uintptr(id), uintptr(unsafe.Pointer(&b[0])), uintptr(most), 0, ipcNoWait, 0)
	if errno != 0 {
		return nil, errno
	}
	return b[8 : 8+r], nil
}

func errnoOrNil(errno unix.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}

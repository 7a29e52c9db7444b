package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// MakeQueue makes a POSIX message queue for one message of size bytes, which
// everybody may use. Its name has no slash: the system call, unlike mq_open(3),
// takes none. EEXIST where there is one.
func MakeQueue(name string, size int) (fd int, err error) {
	attr := [8]int64{1: 1, 2: int64(size)} // struct mq_attr: flags, most messages, size of one, messages
	fd, err = openQueue(name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_NONBLOCK|unix.O_CLOEXEC, &attr)
	if err != nil {
		return -1, err
	}
	if err := unix.Fchmod(fd, 0o666); err != nil { // whatever the umask says
		unix.Close(fd)
		RemoveQueue(name)
		return -1, err
	}
	return fd, nil
}

// OpenQueue opens one to read and write.
func OpenQueue(name string) (fd int, err error) {
	return openQueue(name, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, nil)
}

func openQueue(name string, flags int, attr *[8]int64) (fd int, err error) {
	text, err := unix.BytePtrFromString(name)
	if err != nil {
		return -1, err
	}
	r, _, errno := unix.Syscall6(unix.SYS_MQ_OPEN, uintptr(unsafe.Pointer(text)), uintptr(flags), 0o666, uintptr(unsafe.Pointer(attr)), 0, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(r), nil
}

// RemoveQueue removes a queue by its name.
func RemoveQueue(name string) error {
	text, err := unix.BytePtrFromString(name)
	if err != nil {
		return err
	}
	_, _, errno := unix.Syscall(unix.SYS_MQ_UNLINK, uintptr(unsafe.Pointer(text)), 0, 0)
	return errnoOrNil(errno)
}

// ClaimQueue asks for news of the queue without wanting any, which one process at a
// time may do: EBUSY where another lives that has. Source: mq_notify(2), SIGEV_NONE.
func ClaimQueue(fd int) error {
	event := [8]uint64{1: 1 << 32} // struct sigevent: a value, a signal's number, SIGEV_NONE
	_, _, errno := unix.Syscall(unix.SYS_MQ_NOTIFY, uintptr(fd), uintptr(unsafe.Pointer(&event)), 0)
	return errnoOrNil(errno)
}

// SendToQueue sends a message; EAGAIN where the queue is full.
func SendToQueue(fd int, text []byte) error {
	_, _, errno := unix.Syscall6(unix.SYS_MQ_TIMEDSEND, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(text))), uintptr(len(text)), 0, 0, 0)
	return errnoOrNil(errno)
}

// ReceiveFromQueue takes a message of at most size bytes, which must be that of the
// queue; EAGAIN where there is none.
func ReceiveFromQueue(fd, size int) ([]byte, error) {
	b := make([]byte, size)
	r, _, errno := unix.Syscall6(unix.SYS_MQ_TIMEDRECEIVE, uintptr(fd), uintptr(unsafe.Pointer(&b[0])), uintptr(size), 0, 0, 0)
	if errno != 0 {
		return nil, errno
	}
	return b[:r], nil
}

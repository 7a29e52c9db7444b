package e2e

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ringParams is struct io_uring_params of linux/io_uring.h.
type ringParams struct {
	SQEntries, CQEntries, Flags, ThreadCPU, ThreadIdle, Features, WQ uint32
	_                                                                [3]uint32
	SQ, CQ                                                           ringOffsets
}

// ringOffsets is struct io_sqring_offsets, of which the other is a permutation.
type ringOffsets struct {
	Head, Tail, Mask, Entries, Flags, Dropped, Array, _ uint32
	_                                                   uint64
}

const (
	ringSQPoll        = 2
	ringFixedFile     = 1
	ringShutdown      = 34 // IORING_OP_SHUTDOWN
	ringRegisterFiles = 2
	ringWakeup        = 2
	ringEntries       = 0x10000000 // IORING_OFF_SQES
)

// newRing makes an io_uring.
func newRing(p *ringParams) (int, error) {
	fd, err := call(unix.SYS_IO_URING_SETUP, 4, at(p))
	return int(fd), err
}

// layRing registers a connection with a ring whose kernel thread is the caller's.
func layRing(c *caller) (*canary, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	peer, err := l.Accept()
	if err != nil {
		return nil, err
	}
	file, err := peer.(*net.TCPConn).File()
	if err != nil {
		return nil, err
	}
	c.later(func() { conn.Close(); peer.Close(); file.Close() })
	p := &ringParams{Flags: ringSQPoll, ThreadIdle: 1000}
	fd, err := newRing(p)
	if err != nil {
		return &canary{lacks: "io_uring_setup: " + err.Error()}, nil
	}
	number := int32(file.Fd())
	if _, err := call(unix.SYS_IO_URING_REGISTER, uintptr(fd), ringRegisterFiles, at(&number), 1); err != nil {
		return nil, err
	}
	var ended atomic.Bool
	go func() {
		conn.Read(make([]byte, 1))
		ended.Store(true)
	}()
	args := []string{fmt.Sprint(p.SQ.Tail), fmt.Sprint(p.SQ.Mask), fmt.Sprint(p.SQ.Array)}
	// The thread that sleeps would have to be woken by a call.
	wake := func() { call(unix.SYS_IO_URING_ENTER, uintptr(fd), 0, 0, ringWakeup) }
	return &canary{args: args, before: wake, fd: os.NewFile(uintptr(fd), "ring"), late: true, crossed: func(string) bool { return ended.Load() }}, nil
}

// shutByRing has the ring's kernel thread shut the registered connection.
func shutByRing(args []string) (string, error) {
	fd := number(args[0])
	ring, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return "", err
	}
	entries, err := unix.Mmap(fd, ringEntries, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return "", err
	}
	word := func(offset string) *uint32 { return (*uint32)(unsafe.Pointer(&ring[number(offset)])) }
	tail := word(args[1])
	slot := *tail & *word(args[2])
	e := entries[64*slot:][:64]
	clear(e)
	e[0], e[1] = ringShutdown, ringFixedFile
	*(*uint32)(unsafe.Pointer(&e[24])) = unix.SHUT_RDWR
	*(*uint32)(unsafe.Pointer(&ring[number(args[3])+4*int(slot)])) = slot
	atomic.AddUint32(tail, 1)
	// Refused by a filter it is no matter: the thread is awake.
	call(unix.SYS_IO_URING_ENTER, uintptr(fd), 0, 0, ringWakeup)
	return "", nil
}

package sys

import (
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// Channel is netjail's end of a sequenced-packet socket to a process that it
// made. Each message arrives with the sender's process id, which the kernel
// vouches for and translates into netjail's pid namespace.
type Channel struct{ fd int }

// NewChannel makes a Channel and the other end, which is close-on-exec and
// which the caller must close once the process has it.
func NewChannel() (c *Channel, other int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, -1, fmt.Errorf("make a channel: %w", err)
	}
	if err := unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		unix.Close(fds[0])
		unix.Close(fds[1])
		return nil, -1, fmt.Errorf("ask for credentials on a channel: %w", err)
	}
	return &Channel{fds[0]}, fds[1], nil
}

// Receive waits for a message into b and says who sent it.
//
// Errors: io.EOF once nobody holds the other end, ErrTimeout.
func (c *Channel) Receive(b []byte) (n, pid int, err error) { return c.receive(b, 0, nil) }

// ReceiveFD is Receive for a message that a descriptor comes with; it is
// close-on-exec, and -1 where none came.
func (c *Channel) ReceiveFD(b []byte) (n, pid, fd int, err error) {
	fd = -1
	n, pid, err = c.receive(b, 0, &fd)
	return n, pid, fd, err
}

// Poll is Receive without waiting: ErrTimeout says that there is nothing now.
func (c *Channel) Poll(b []byte) (n, pid int, err error) { return c.receive(b, unix.MSG_DONTWAIT, nil) }

// FD becomes readable when there is a message, or nobody holds the other end.
func (c *Channel) FD() int { return c.fd }

// receive puts the descriptor that came where fd points to; all others are closed.
func (c *Channel) receive(b []byte, flags int, fd *int) (n, pid int, err error) {
	var oob [128]byte
	for {
		var oobn int
		n, oobn, _, _, err = unix.Recvmsg(c.fd, b, oob[:], flags|unix.MSG_CMSG_CLOEXEC)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if errors.Is(err, unix.EAGAIN) {
			return 0, 0, ErrTimeout
		}
		if err != nil {
			return 0, 0, fmt.Errorf("receive on a channel: %w", err)
		}
		if n == 0 {
			return 0, 0, io.EOF
		}
		pid, err = sender(oob[:oobn], fd)
		return n, pid, err
	}
}

// sender reads who sent a message, and takes the descriptors that came with it.
func sender(oob []byte, fd *int) (pid int, err error) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0, fmt.Errorf("read a sender's credentials: %w", err)
	}
	known := false
	for i := range messages {
		if cred, err := unix.ParseUnixCredentials(&messages[i]); err == nil {
			pid, known = int(cred.Pid), true
		}
		rights, _ := unix.ParseUnixRights(&messages[i])
		for _, got := range rights {
			if fd == nil || *fd >= 0 {
				unix.Close(got)
				continue
			}
			*fd = got
		}
	}
	if !known {
		return 0, errors.New("read a sender's credentials: the kernel sent none")
	}
	return pid, nil
}

// Send sends a message.
func (c *Channel) Send(b []byte) error {
	if err := unix.Sendto(c.fd, b, unix.MSG_NOSIGNAL, nil); err != nil {
		return fmt.Errorf("send on a channel: %w", err)
	}
	return nil
}

// ErrTimeout says that nothing came within the channel's patience.
var ErrTimeout = errors.New("no message came in time")

// SetPatience bounds how long Receive waits; 0 is for ever.
func (c *Channel) SetPatience(d time.Duration) error {
	tv := unix.NsecToTimeval(d.Nanoseconds())
	if err := unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv); err != nil {
		return fmt.Errorf("bound the wait on a channel: %w", err)
	}
	return nil
}

// Close closes netjail's end.
func (c *Channel) Close() error {
	if c == nil || c.fd < 0 {
		return nil
	}
	err := unix.Close(c.fd)
	c.fd = -1
	return err
}

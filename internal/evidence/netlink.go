package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Numbers of linux/netlink.h. They are written out so that the decoder is the
// same wherever it is tested.
const (
	nlmsgHeader = 16 // struct nlmsghdr: length uint32, type, flags uint16, sequence, port uint32
	nlmsgNoop   = 1
	nlmsgError  = 2
	nlmsgDone   = 3
	nlmDumpIntr = 0x10 // the dump changed while it was made
	attrHeader  = 4    // struct nlattr: length, type uint16
	attrType    = 0x3fff
	alignment   = 4
)

var (
	errEndless     = errors.New("the dump did not end")
	errPastEnd     = errors.New("there are bytes behind the end of the dump")
	errCutMessage  = errors.New("a message is longer than its buffer")
	errCutBody     = errors.New("a message is shorter than its fixed part")
	errCutAttr     = errors.New("an attribute is longer than its message")
	errInterrupted = errors.New("the kernel's table changed during the dump")
)

// message is one netlink message of a dump.
type message struct {
	kind uint16
	body []byte
}

// dump is a netlink dump as it comes in, datagram by datagram.
type dump struct {
	messages []message
	bytes    int
	done     bool
}

// add takes in one datagram: one or more whole messages, each padded to four
// bytes.
func (d *dump) add(datagram []byte) error {
	d.bytes += len(datagram)
	for len(datagram) > 0 {
		if d.done {
			return errPastEnd
		}
		if len(datagram) < nlmsgHeader {
			return errCutMessage
		}
		length := uint64(binary.NativeEndian.Uint32(datagram))
		if length < nlmsgHeader || length > uint64(len(datagram)) {
			return errCutMessage
		}
		if err := d.take(datagram[:length]); err != nil {
			return err
		}
		datagram = datagram[min(align(int(length)), len(datagram)):]
	}
	return nil
}

// take takes in one message with its header.
func (d *dump) take(m []byte) error {
	kind, flags := binary.NativeEndian.Uint16(m[4:]), binary.NativeEndian.Uint16(m[6:])
	if flags&nlmDumpIntr != 0 {
		return errInterrupted
	}
	body := m[nlmsgHeader:]
	switch kind {
	case nlmsgDone:
		d.done = true
		return errnoIn(body, "the dump ended with")
	case nlmsgError:
		if err := errnoIn(body, "the kernel refused the dump:"); err != nil {
			return err
		}
		return errors.New("an acknowledgement in the middle of a dump")
	case nlmsgNoop:
		return nil
	}
	d.messages = append(d.messages, message{kind, body})
	return nil
}

// errnoIn reads the int32 that a DONE or ERROR message begins with: 0 or -errno.
func errnoIn(body []byte, what string) error {
	if len(body) < 4 {
		return errCutBody
	}
	if n := int32(binary.NativeEndian.Uint32(body)); n != 0 {
		return fmt.Errorf("%s %s", what, errnoName(-int64(n)))
	}
	return nil
}

// eachAttribute calls do with every attribute in data.
func eachAttribute(data []byte, do func(kind uint16, value []byte) error) error {
	for len(data) > 0 {
		if len(data) < attrHeader {
			return errCutAttr
		}
		length := int(binary.NativeEndian.Uint16(data))
		if length < attrHeader || length > len(data) {
			return errCutAttr
		}
		kind := binary.NativeEndian.Uint16(data[2:]) & attrType
		if err := do(kind, data[attrHeader:length]); err != nil {
			return err
		}
		data = data[min(align(length), len(data)):]
	}
	return nil
}

func align(n int) int { return (n + alignment - 1) &^ (alignment - 1) }

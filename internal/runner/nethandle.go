package runner

import (
	"errors"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
)

// NetHandle is the handle of netjail's own network namespace, for the attempt to
// open that by it.
type NetHandle struct {
	handle unix.FileHandle
	have   bool
	found  evidence.NetHandle
}

// NewNetHandle asks the kernel for the handle, and opens the namespace by it, as
// whoever is in it may.
func NewNetHandle() *NetHandle {
	h := &NetHandle{}
	fd, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		h.found.Why = "open netjail's network namespace: " + evidence.Errno(err)
		return h
	}
	defer unix.Close(fd)
	if h.handle, _, err = unix.NameToHandleAt(fd, "", unix.AT_EMPTY_PATH); err != nil {
		h.found.Why = "name_to_handle_at(2): " + evidence.Errno(err)
		h.found.Missing = errors.Is(err, unix.EOPNOTSUPP)
		return h
	}
	h.have = true
	if fd, err = unix.OpenByHandleAt(unix.FD_NSFS_ROOT, h.handle, unix.O_RDONLY|unix.O_CLOEXEC); err == nil {
		err = unix.Close(fd)
	}
	h.found.Control = evidence.Errno(err)
	return h
}

// Handle is the handle as the plan's attempt has it; nil for none.
func (h *NetHandle) Handle() *plan.Handle {
	if !h.have {
		return nil
	}
	return &plan.Handle{Type: h.handle.Type(), Bytes: h.handle.Bytes()}
}

// Result is what is known of the handle.
func (h *NetHandle) Result() *evidence.NetHandle { return &h.found }

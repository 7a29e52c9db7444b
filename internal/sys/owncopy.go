package sys

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// OwnCopy is a copy of netjail's own program in memory, close-on-exec, under the
// lowest number that is free from first on. Nobody can write to it, whoever gets hold
// of it and however long it lives.
//
// Errors: EACCES where the host forbids executable memory files (sysctl
// vm.memfd_noexec=2).
func OwnCopy(first int) (int, error) {
	own, err := unix.Open("/proc/self/exe", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open netjail's own program: %w", err)
	}
	defer unix.Close(own)
	to, err := unix.MemfdCreate("netjail", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING|unix.MFD_EXEC)
	if err == unix.EINVAL { // before Linux 6.3 every memory file could be executed
		to, err = unix.MemfdCreate("netjail", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	}
	if err != nil {
		return -1, fmt.Errorf("make a copy of netjail's own program: %w", err)
	}
	defer unix.Close(to)
	if err := copyAll(to, own); err != nil {
		return -1, fmt.Errorf("copy netjail's own program: %w", err)
	}
	const seals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	if _, err := unix.FcntlInt(uintptr(to), unix.F_ADD_SEALS, seals); err != nil {
		return -1, fmt.Errorf("seal the copy of netjail's own program: %w", err)
	}
	return readOnly(to, first)
}

// readOnly opens a file once more, for reading alone: one that is open for writing is
// not executed.
func readOnly(fd, first int) (int, error) {
	at, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", fd), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open the copy of netjail's own program: %w", err)
	}
	defer unix.Close(at)
	placed, err := unix.FcntlInt(uintptr(at), unix.F_DUPFD_CLOEXEC, first)
	if err != nil {
		return -1, fmt.Errorf("place the copy of netjail's own program: %w", err)
	}
	return placed, nil
}

// copyAll copies a file from its beginning to its end.
func copyAll(to, from int) error {
	const most = 1 << 30
	for {
		n, err := unix.Sendfile(to, from, nil, most)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return err
		case n == 0:
			return sameSize(to, from)
		}
	}
}

func sameSize(a, b int) error {
	var x, y unix.Stat_t
	if err := errors.Join(unix.Fstat(a, &x), unix.Fstat(b, &y)); err != nil {
		return err
	}
	if x.Size != y.Size {
		return io.ErrShortWrite
	}
	return nil
}

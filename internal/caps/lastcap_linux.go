package caps

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

const lastCapFile = "/proc/sys/kernel/cap_last_cap"

// LastCap is the highest capability that the running kernel knows, 0 to 63. It
// is read from /proc/sys/kernel/cap_last_cap and checked by PR_CAPBSET_READ,
// which must know that one and refuse the next with EINVAL; any disagreement is
// an error.
func LastCap() (int, error) {
	text, err := readSmall(lastCapFile)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", lastCapFile, err)
	}
	last, err := parseLastCap(text)
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", lastCapFile, err)
	}
	if _, err := inBounding(last); err != nil {
		return 0, fmt.Errorf("read %s: it says %d, but PR_CAPBSET_READ of %d: %w", lastCapFile, last, last, err)
	}
	if _, err := inBounding(last + 1); err != unix.EINVAL {
		return 0, fmt.Errorf("read %s: it says %d, but PR_CAPBSET_READ knows %d", lastCapFile, last, last+1)
	}
	return int(last), nil
}

// readSmall reads a file of less than 16 bytes with three system calls: this is
// read at every start.
func readSmall(path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	buffer := make([]byte, 16)
	n, err := unix.Read(fd, buffer)
	if err != nil {
		return nil, err
	}
	if n == len(buffer) {
		return nil, errors.New("longer than a number")
	}
	return buffer[:n], nil
}

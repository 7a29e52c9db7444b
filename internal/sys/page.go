package sys

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// NewPage is a page of memory that the Go runtime does not move or reuse, all
// zeros, and its address. It stays until the process ends.
func NewPage() (page []byte, address uint64, err error) {
	page, err = unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, 0, fmt.Errorf("map a page: %w", err)
	}
	return page, uint64(uintptr(unsafe.Pointer(&page[0]))), nil
}

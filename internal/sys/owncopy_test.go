package sys

import (
	"crypto/sha256"
	"io"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOwnCopy: the copy is the program, byte for byte, nobody can write to it, and
// what is open is for reading and close-on-exec.
func TestOwnCopy(t *testing.T) {
	const first = 300
	fd, err := OwnCopy(first)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if fd < first {
		t.Errorf("it has the number %d", fd)
	}
	if sum(t, "/proc/self/exe") != sum(t, "/proc/self/fd/"+strconv.Itoa(fd)) {
		t.Error("it is another program")
	}
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("its flags are %#x, %v", flags, err)
	}
	for _, mode := range []int{unix.O_WRONLY, unix.O_RDWR} {
		w, err := unix.Open("/proc/self/fd/"+strconv.Itoa(fd), mode|unix.O_CLOEXEC, 0)
		if err != nil {
			continue
		}
		if _, err := unix.Pwrite(w, []byte{0}, 0); err != unix.EPERM {
			t.Errorf("to write to it: %v, want EPERM", err)
		}
		if err := unix.Ftruncate(w, 0); err != unix.EPERM {
			t.Errorf("to cut it: %v, want EPERM", err)
		}
		unix.Close(w)
	}
}

func sum(t *testing.T, path string) [sha256.Size]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

package runner

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// MapperError says that newuidmap or newgidmap did not write a map.
type MapperError struct {
	Path   string
	Status unix.WaitStatus
	Words  string // what it wrote to standard error, its beginning
}

func (e *MapperError) Error() string {
	text := e.Path + " ended with status " + strconv.Itoa(e.Status.ExitStatus())
	if e.Status.Signaled() {
		text = e.Path + " was killed by " + unix.SignalName(e.Status.Signal())
	}
	if e.Words != "" {
		text += ": " + e.Words
	}
	return text
}

// runMapper has the program at path write a map of the child. The program is
// privileged, so it is given nothing of the caller's: no descriptor but
// /dev/null and a pipe for its words, and an environment in which they are
// English.
func (r *run) runMapper(path string, lines []byte) error {
	argv := append([]string{path, strconv.Itoa(r.pid)}, strings.Fields(string(lines))...)
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return fmt.Errorf("make a pipe for the words of %s: %w", path, err)
	}
	defer unix.Close(pipe[0])
	pid, err := forkMapper(path, argv, pipe[1])
	unix.Close(pipe[1])
	if err != nil {
		return fmt.Errorf("execute %s: %w", path, err)
	}
	words, err := r.listen(pipe[0])
	if err != nil {
		unix.Kill(pid, unix.SIGKILL)
		waitFor(pid, 0)
		return fmt.Errorf("wait for %s: %w", path, err)
	}
	status, _, err := waitFor(pid, 0)
	if err != nil {
		return fmt.Errorf("wait for %s: %w", path, err)
	}
	if !status.Exited() || status.ExitStatus() != 0 {
		return &MapperError{path, status, strings.TrimSpace(words)}
	}
	return nil
}

func forkMapper(path string, argv []string, stderr int) (int, error) {
	null, err := unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(null)
	files, err := closedFiles()
	if err != nil {
		return 0, err
	}
	files[0], files[1], files[2] = uintptr(null), uintptr(null), uintptr(stderr)
	return syscall.ForkExec(path, argv, &syscall.ProcAttr{Dir: "/", Files: files, Env: []string{"LC_ALL=C"}})
}

// closedFiles is a list for ForkExec, which closes everything that is open now.
func closedFiles() ([]uintptr, error) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	last := 2
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			return nil, err
		}
		last = max(last, n)
	}
	files := make([]uintptr, last+1)
	for i := range files {
		files[i] = ^uintptr(0)
	}
	return files, nil
}

// mostWords bounds what is kept of a program's words.
const mostWords = 1 << 10

// errHangs says that a program neither ended nor closed its standard error.
var errHangs = errors.New("it did not end in time")

// listen reads until nobody holds the other end, within the patience for a step
// of the set-up: name services can hang.
func (r *run) listen(fd int) (string, error) {
	var words []byte
	var b [256]byte
	for end := time.Now().Add(r.options.Patience); ; {
		left := time.Until(end)
		if left <= 0 {
			return "", errHangs
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds())+1)
		if err != nil && err != unix.EINTR {
			return "", err
		}
		if n <= 0 {
			continue
		}
		n, err = unix.Read(fd, b[:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return "", err
		case n == 0:
			return string(words), nil
		}
		words = append(words, b[:min(n, mostWords-len(words))]...)
	}
}

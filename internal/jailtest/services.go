package jailtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// Services is a command line whose process covers /run with an empty directory,
// listens on these paths below it, and hangs up on whoever connects. It answers
// each line of its input with the number of connections so far, and ends with its
// input. It must have a mount namespace of its own.
func Services(self string, paths ...string) []string {
	return append([]string{self, roleServices}, paths...)
}

func runServices(in io.Reader, out io.Writer, paths []string) error {
	unix.Umask(0)
	if err := unix.Mount("services", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("cover /run: %w", err)
	}
	var asked atomic.Int32
	for _, path := range paths {
		fd, err := listenAt(path)
		if err != nil {
			return err
		}
		go func() {
			for {
				c, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC)
				if err == nil {
					asked.Add(1)
					unix.Close(c)
				}
			}
		}()
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		fmt.Fprintln(out, asked.Load())
	}
	return lines.Err()
}

// listenAt binds a stream socket to a path, and makes its directory.
func listenAt(path string) (fd int, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return -1, err
	}
	fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = errors.Join(unix.Bind(fd, &unix.SockaddrUnix{Name: path}), unix.Listen(fd, 16))
	}
	return fd, err
}

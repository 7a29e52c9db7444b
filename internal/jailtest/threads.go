package jailtest

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Threads is a command line whose process has threads that differ from its first
// one, each in one of these words: "net" is in a network namespace of its own,
// "caps" has given up its capabilities, "nnp" has set no_new_privs, "files" has
// descriptors of its own and a socket among them, "odd" has a name that could
// deceive a reader. It says the number of each, and sleeps until its input ends.
func Threads(self string, words ...string) []string {
	return append([]string{self, roleThreads}, words...)
}

func runThreads(in io.Reader, out io.Writer, words []string) error {
	for _, word := range words {
		said := make(chan error)
		go OnOtherThread(func() {
			err := differ(word)
			if err == nil {
				fmt.Fprintln(out, word, unix.Gettid())
			}
			said <- err
			select {}
		})
		if err := <-said; err != nil {
			return fmt.Errorf("%s: %w", word, err)
		}
	}
	fmt.Fprintln(out, "ready")
	_, err := io.Copy(io.Discard, in)
	return err
}

// differ makes the calling thread another one than the rest.
func differ(word string) error {
	switch word {
	case "net":
		return unix.Unshare(unix.CLONE_NEWNET)
	case "caps":
		head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		return unix.Capset(&head, &none[0])
	case "nnp":
		return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	case "files":
		if err := unix.Unshare(unix.CLONE_FILES); err != nil {
			return err
		}
		_, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
		return err
	case "odd":
		return os.WriteFile(fmt.Sprintf("/proc/self/task/%d/comm", unix.Gettid()), []byte("a) R 1\n\x1b[2J"), 0)
	}
	return fmt.Errorf("%s is no way to differ", strings.ToUpper(word))
}

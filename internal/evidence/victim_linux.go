package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// ReadPending is what /proc/PID/status says of the signals that have come to a
// process or to its first thread and that it does not take, bit n-1 for signal n,
// and of the process that traces it. Source: proc_pid_status(5).
func ReadPending(pid int) (signals uint64, tracer int, err error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, 0, err
	}
	found := 0
	for line := range bytes.Lines(text) {
		key, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(":\t"))
		switch string(key) {
		case "SigPnd", "ShdPnd":
			set, err := strconv.ParseUint(string(value), 16, 64)
			if err != nil {
				return 0, 0, fmt.Errorf("read %s: %w", key, err)
			}
			signals |= set
			found++
		case "TracerPid":
			if tracer, err = strconv.Atoi(string(value)); err != nil {
				return 0, 0, fmt.Errorf("read %s: %w", key, err)
			}
			found++
		}
	}
	if found != 3 {
		return 0, 0, errLineMissing
	}
	return signals, tracer, nil
}

// ReadExcuse says what of the host's own forbids netjail to reach another process
// of its user's: Yama, or a system call filter that netjail itself is under. It is
// empty where neither does.
func ReadExcuse() string {
	if text, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope"); err == nil {
		if mode, err := strconv.Atoi(string(bytes.TrimSpace(text))); err == nil && mode >= 2 {
			return "kernel.yama.ptrace_scope is " + strconv.Itoa(mode)
		}
	}
	if mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0); err == nil && mode == 2 {
		return "netjail itself runs under a system call filter"
	}
	return ""
}

// Errno is the name of the errno in an error, what it says where there is none, and
// empty for no error.
func Errno(err error) string {
	var errno unix.Errno
	switch {
	case err == nil:
		return ""
	case errors.As(err, &errno):
		return errnoName(int64(errno))
	}
	return err.Error()
}

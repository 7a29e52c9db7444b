package crew

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// endPatience is how long a killed process may take to be gone.
const endPatience = 5 * time.Second

// EndChildren kills every child of this process that is not spared, and what
// those leave behind, until none is left. It is for a process that inherits its
// descendants' children (PR_SET_CHILD_SUBREAPER).
//
// Errors: /proc cannot be read, or a process does not go.
func EndChildren(spare func(pid int) bool) error {
	for end := time.Now().Add(endPatience); ; {
		pids, err := children()
		if err != nil {
			return err
		}
		left := 0
		for _, pid := range pids {
			if !spare(pid) {
				unix.Kill(pid, unix.SIGKILL)
				unix.Wait4(pid, nil, unix.WNOHANG, nil)
				left++
			}
		}
		switch {
		case left == 0:
			return nil
		case time.Now().After(end):
			return fmt.Errorf("end what was left behind: %d processes do not go", left)
		}
		time.Sleep(time.Millisecond)
	}
}

// children lists the processes whose parent is this one. /proc/PID/task/TID/children
// is not there in every kernel.
func children() ([]int, error) {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil, fmt.Errorf("look for what was left behind: %w", err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("look for what was left behind: %w", err)
	}
	self := strconv.Itoa(os.Getpid())
	var pids []int
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err == nil && parent(name) == self {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// parent is the field behind the state in /proc/PID/stat; "" where the process is
// gone. The name before it may hold any character.
func parent(pid string) string {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return ""
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return ""
	}
	return string(fields[1])
}

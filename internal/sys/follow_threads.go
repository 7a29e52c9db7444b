package sys

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// others are the threads that are not held at their end: those that run, and
// those that are about to end with the process, which the kernel tells by a
// SIGKILL that is pending for each of them (zap_other_threads in kernel/signal.c).
// A thread that has ended and is only not reaped is neither.
func (f *Followed) others() (running, dying []int) {
	entries, err := os.ReadDir(f.tasks())
	if err != nil {
		return nil, nil
	}
	for _, e := range entries {
		tid, err := strconv.Atoi(e.Name())
		if err != nil || f.threads[tid] == followEnds {
			continue
		}
		switch gone, killed := f.fate(tid); {
		case gone:
		case killed:
			dying = append(dying, tid)
		default:
			running = append(running, tid)
		}
	}
	return running, dying
}

func (f *Followed) tasks() string { return "/proc/" + strconv.Itoa(f.pid) + "/task" }

// hasThread says whether a thread is the process's.
func (f *Followed) hasThread(tid int) bool {
	return unix.Access(f.tasks()+"/"+strconv.Itoa(tid), unix.F_OK) == nil
}

// fate reads whether a thread has ended, and whether it is to be killed. Source:
// State and SigPnd of proc_pid_status(5).
func (f *Followed) fate(tid int) (gone, killed bool) {
	text, err := os.ReadFile(f.tasks() + "/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		return true, false
	}
	state := statusField(text, "\nState:")
	if state == "" || state[0] == 'Z' || state[0] == 'X' {
		return true, false
	}
	pending, err := strconv.ParseUint(statusField(text, "\nSigPnd:"), 16, 64)
	return false, err == nil && pending>>(uint(unix.SIGKILL)-1)&1 == 1
}

// statusField is the rest of the line that begins with name.
func statusField(text []byte, name string) string {
	_, rest, ok := bytes.Cut(text, []byte(name))
	if !ok {
		return ""
	}
	line, _, _ := bytes.Cut(rest, []byte{'\n'})
	return string(bytes.TrimSpace(line))
}

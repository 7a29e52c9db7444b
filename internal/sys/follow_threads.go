package sys

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// others counts the threads that do not stand at their end. All that end with their
// process have been given a SIGKILL before the first of them is at its end
// (zap_other_threads in kernel/signal.c), and take it while they run: idle are those
// that sleep without one, and so know of no end; dying those that have it pending;
// running those that may have taken it. A thread that has ended and is only not
// reaped is none of them. One that was not known is followed from now on.
func (f *Followed) others() (idle, running, dying int) {
	entries, err := os.ReadDir(f.tasks())
	if err != nil {
		return 0, 0, 0
	}
	for _, e := range entries {
		tid, err := strconv.Atoi(e.Name())
		if err != nil || f.threads[tid] == followEnds {
			continue
		}
		state, killed := f.fate(tid)
		if state == 'Z' || state == 'X' || state == 0 {
			continue
		}
		if _, known := f.threads[tid]; !known {
			f.threads[tid] = followRuns
		}
		switch {
		case killed:
			dying++
		case state == 'S' || state == 'T':
			idle++
		default:
			running++
		}
	}
	return idle, running, dying
}

func (f *Followed) tasks() string { return "/proc/" + strconv.Itoa(f.pid) + "/task" }

// hasThread says whether a thread is the process's.
func (f *Followed) hasThread(tid int) bool {
	return unix.Access(f.tasks()+"/"+strconv.Itoa(tid), unix.F_OK) == nil
}

// fate reads a thread's state, 0 where it is gone, and whether it is to be killed.
// Source: State and SigPnd of proc_pid_status(5).
func (f *Followed) fate(tid int) (state byte, killed bool) {
	text, err := os.ReadFile(f.tasks() + "/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		return 0, false
	}
	if letter := statusField(text, "\nState:"); letter != "" {
		state = letter[0]
	}
	pending, err := strconv.ParseUint(statusField(text, "\nSigPnd:"), 16, 64)
	return state, err == nil && pending>>(uint(unix.SIGKILL)-1)&1 == 1
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

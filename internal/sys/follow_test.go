package sys

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestFollow: a process is held at its end with what it was, and then ends as it
// would have; stops and continues are told once, as wait4(2) would tell them.
func TestFollow(t *testing.T) {
	for script, want := range map[string][]unix.WaitStatus{
		"exit 3":              {3 << 8},
		"kill -TERM $$":       {unix.WaitStatus(unix.SIGTERM)},
		"kill -KILL $$":       {unix.WaitStatus(unix.SIGKILL)},
		"exec sh -c 'exit 4'": {4 << 8},
		"sh -c 'exit 1'; trap 'exit 5' USR1; kill -USR1 $$": {5 << 8},
		"kill -STOP $$; exit 6":                             {unix.WaitStatus(unix.SIGSTOP)<<8 | 0x7f, 0xffff, 6 << 8},
	} {
		t.Run(script, func(t *testing.T) {
			c, in, _ := shell(t, "read x; exec sh -c '"+strings.ReplaceAll(script, "'", `'\''`)+"'")
			trace := seized(t, c)
			fmt.Fprintln(in, "go")
			if err := trace.WaitExec(); err != nil {
				t.Fatal(err)
			}
			f, err := trace.Follow(true, true)
			if err != nil {
				t.Fatal(err)
			}
			got, held := followed(t, f, c.Process.Pid)
			if fmt.Sprint(got) != fmt.Sprint(want) || held != 1 {
				t.Errorf("told %#x, want %#x; held %d times", got, want, held)
			}
		})
	}
}

// followed leads a process to its end. It wants it to be there, with its program,
// where it is held.
func followed(t *testing.T, f *Followed, pid int) (told []unix.WaitStatus, held int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		var s unix.WaitStatus
		ok := false
		if f.Gone() {
			n, err := unix.Wait4(pid, &s, unix.WNOHANG|unix.WALL, nil)
			ok = n == pid && err == nil
		} else {
			s, ok = f.Next()
		}
		if ok {
			told = append(told, s)
			if s.Exited() || s.Signaled() {
				return told, held
			}
			if s.Stopped() {
				unix.Kill(pid, unix.SIGCONT)
			}
		}
		if f.Held() {
			held++
			if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err != nil || exe == "" {
				t.Errorf("at its end its program is %q, %v", exe, err)
			}
			f.Release()
		}
	}
	t.Fatalf("it did not end; told %#x", told)
	return nil, 0
}

package sys

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// noLoop says what Start answers on an architecture without the loop.
func noLoop(t *testing.T) bool {
	t.Helper()
	if HasLoop {
		return false
	}
	p, err := NewProgram(1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := Start(p, 0); !errors.Is(err, unix.ENOSYS) {
		t.Errorf("Start without a loop: %v, want ENOSYS", err)
	}
	return true
}

func TestStartErrors(t *testing.T) {
	if noLoop(t) {
		return
	}
	p, err := NewProgram(1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Add(Step{NR: unix.SYS_EXIT_GROUP}); err != nil {
		t.Fatal(err)
	}
	before := SignalMask()
	// clone3(2): EINVAL, CLONE_THREAD without CLONE_SIGHAND.
	if pid, err := Start(p, unix.CLONE_THREAD); !errors.Is(err, unix.EINVAL) {
		t.Errorf("process %d, %v, want EINVAL", pid, err)
	}
	if after := SignalMask(); after != before {
		t.Errorf("the mask of blocked signals was %#x and is %#x", before, after)
	}
	if p.Step(0).Done != 0 {
		t.Error("somebody ran the program")
	}
}

// TestStartBlocked: the child starts with every signal blocked that can be, and
// with no handler but the default.
func TestStartBlocked(t *testing.T) {
	if noLoop(t) {
		return
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGUSR1)
	defer signal.Stop(signals)
	p, err := NewProgram(8, 256)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	mask, maskAt, err1 := p.Put(make([]byte, 8))
	action, actionAt, err2 := p.Put([]byte(strings.Repeat("\xa5", 32)))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Step{
		{NR: unix.SYS_RT_SIGPROCMASK, Args: [6]uint64{unix.SIG_SETMASK, 0, mask, 8}},
		{NR: unix.SYS_RT_SIGACTION, Args: [6]uint64{uint64(unix.SIGUSR1), 0, action, 8}},
		{NR: unix.SYS_EXIT_GROUP},
	} {
		if _, err := p.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	pid, err := Start(p, 0)
	if err != nil {
		t.Fatal(err)
	}
	if status := reap(t, pid, 0); status != 0 {
		t.Fatalf("ended with %#x", uint32(status))
	}
	const never = 1<<(unix.SIGKILL-1) | 1<<(unix.SIGSTOP-1)
	if got := *(*uint64)(unsafe.Pointer(&p.Data(maskAt, 8)[0])); got != ^uint64(never) {
		t.Errorf("blocked: %#x", got)
	}
	if handler := *(*uint64)(unsafe.Pointer(&p.Data(actionAt, 8)[0])); handler != 0 {
		t.Errorf("SIGUSR1 has a handler at %#x", handler)
	}
	if tid := p.header().TID; int(int32(tid)) != pid {
		t.Errorf("the kernel wrote %d for process %d", tid, pid)
	}
}

// filterCall answers a system call with an errno, in the calling thread.
func filterCall(nr uint32, errno unix.Errno) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	code := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // seccomp_data.nr
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: nr, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	filter := unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
	_, _, e := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&filter)))
	if e != 0 {
		return e
	}
	return nil
}

// playLied starts a program where clone3(2) is answered by a filter: with success
// first, then with ENOSYS as containers do.
func playLied([]string) error {
	runtime.LockOSThread()
	p, err := NewProgram(1, 0)
	if err != nil {
		return err
	}
	if _, err := p.Add(Step{NR: unix.SYS_EXIT_GROUP, Args: [6]uint64{77}}); err != nil {
		return err
	}
	before := SignalMask()
	for _, c := range []struct {
		answer unix.Errno
		want   error
	}{{0, ErrLied}, {unix.ENOSYS, unix.ENOSYS}, {unix.EPERM, unix.EPERM}} {
		// Of several filters' answers the kernel takes the first of the strictest
		// action, which is the newest filter's.
		if err := filterCall(unix.SYS_CLONE3, c.answer); err != nil {
			return fmt.Errorf("install a filter: %w", err)
		}
		if pid, err := Start(p, 0); pid != 0 || !errors.Is(err, c.want) {
			return fmt.Errorf("the filter's answer %d: process %d, %w", c.answer, pid, err)
		}
		if after := SignalMask(); after != before {
			return fmt.Errorf("the mask of blocked signals was %#x and is %#x", before, after)
		}
	}
	return nil
}

func TestErrLied(t *testing.T) {
	if noLoop(t) {
		return
	}
	if text := play(t, role("role-lied")); text != "" {
		t.Error(text)
	}
}

// playStorm starts programs while the collector runs, signals arrive, and there
// is only one processor for Go code.
func playStorm([]string) error {
	const starts = 400
	runtime.GOMAXPROCS(1)
	arrived := make(chan os.Signal, 64)
	signal.Notify(arrived, unix.SIGUSR1, unix.SIGCHLD, unix.SIGWINCH)
	end := make(chan struct{})
	defer close(end)
	go func() { // a heap that is always being collected
		var keep [64][]byte
		for i := 0; ; i++ {
			select {
			case <-end:
				return
			case <-arrived:
			default:
				keep[i%64] = make([]byte, 4096)
				runtime.GC()
			}
		}
	}()
	go func() { // signals to whichever thread the kernel likes
		for {
			select {
			case <-end:
				return
			default:
				unix.Kill(unix.Getpid(), unix.SIGUSR1)
				unix.Kill(unix.Getpid(), unix.SIGURG) // what the runtime preempts with
				unix.Kill(unix.Getpid(), unix.SIGWINCH)
				runtime.Gosched()
			}
		}
	}()
	for i := range starts {
		if err := startOnce(i); err != nil {
			return fmt.Errorf("start %d: %w", i, err)
		}
	}
	return nil
}

// startOnce runs a program that makes a few calls, sleeps a little within the
// kernel and ends with a status of its own.
func startOnce(i int) error {
	p, err := NewProgram(8, 64)
	if err != nil {
		return err
	}
	defer p.Close()
	buffer, at, err := p.Put(make([]byte, 12))
	if err != nil {
		return err
	}
	timeout, _, err := p.Put(append(make([]byte, 8), 0x10, 0x27, 0, 0, 0, 0, 0, 0)) // 10 µs
	if err != nil {
		return err
	}
	for _, s := range []Step{
		{NR: unix.SYS_GETRESUID, Args: [6]uint64{buffer, buffer + 4, buffer + 8}},
		{NR: unix.SYS_PPOLL, Args: [6]uint64{0, 0, timeout, 0, 8}, Test: TestEqual},
		{NR: unix.SYS_CLOSE, Args: [6]uint64{badFD}, Accept: [2]int64{-int64(unix.EBADF)}},
		{NR: unix.SYS_EXIT_GROUP, Args: [6]uint64{uint64(i % 200)}},
	} {
		if _, err := p.Add(s); err != nil {
			return err
		}
	}
	mask := SignalMask()
	pid, err := Start(p, 0)
	if err != nil {
		return err
	}
	var status unix.WaitStatus
	for {
		if _, err = unix.Wait4(pid, &status, unix.WALL, nil); !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil || !status.Exited() || status.ExitStatus() != i%200 || p.Failed() != -1 {
		return fmt.Errorf("ended with %#x, failed at %d, %w", uint32(status), p.Failed(), err)
	}
	if uid := *(*uint32)(unsafe.Pointer(&p.Data(at, 4)[0])); int(uid) != unix.Getuid() {
		return fmt.Errorf("the child's uid reads %d", uid)
	}
	if after := SignalMask(); after != mask {
		return fmt.Errorf("the mask of blocked signals was %#x and is %#x", mask, after)
	}
	return nil
}

func TestStorm(t *testing.T) {
	if noLoop(t) {
		return
	}
	if text := play(t, role("role-storm")); text != "" {
		t.Error(text)
	}
}

// playGroups changes one thread's groups and looks at another's.
func playGroups([]string) error {
	runtime.LockOSThread()
	if err := SetGroups([]uint32{5, 7}); err != nil {
		return err
	}
	if got := groupsLine("/proc/thread-self/status"); got != "5 7" {
		return fmt.Errorf("this thread's groups are %q", got)
	}
	other := make(chan string)
	go func() {
		runtime.LockOSThread()
		other <- groupsLine("/proc/thread-self/status")
	}()
	if got := <-other; got != "1 2 3" {
		return fmt.Errorf("another thread's groups are %q", got)
	}
	if err := SetGroups(nil); err != nil {
		return err
	}
	if got := groupsLine("/proc/thread-self/status"); got != "" {
		return fmt.Errorf("this thread's groups are %q, want none", got)
	}
	return nil
}

func groupsLine(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "Groups:"); ok {
			return strings.TrimSpace(list)
		}
	}
	return "no line"
}

func TestSetGroups(t *testing.T) {
	if os.Getuid() != 0 {
		if err := SetGroups(nil); !errors.Is(err, unix.EPERM) {
			t.Errorf("an ordinary user's groups: %v", err)
		}
	}
	jailtest.Require(t, "root")
	c := role("role-groups")
	c.SysProcAttr.Credential = credential(1, 2, 3)
	if text := play(t, c); text != "" {
		t.Error(text)
	}
}

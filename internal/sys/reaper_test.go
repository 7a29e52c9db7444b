package sys

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// playReaper is the reaper in Go.
func playReaper(args []string) error {
	Reap(append([]string{"netjail-reaper"}, args...))
	return nil
}

// playOwner is pid 1 of a pid namespace: it starts a shell in a group of its own
// and becomes the reaper of it. args[0] says which reaper, args[1] is the script;
// descriptor 3 is the status channel, which becomes descriptor 0.
func playOwner(args []string) error {
	runtime.LockOSThread()
	c := exec.Command("/bin/sh", "-c", args[1])
	c.Stdin, c.Stdout = os.Stdin, os.Stdout
	c.ExtraFiles = []*os.File{os.NewFile(4, "life")}
	if err := c.Start(); err != nil {
		return err
	}
	if c.Process.Pid > 255 {
		return fmt.Errorf("the command is process %d, which is more than a byte", c.Process.Pid)
	}
	reaper, err := ReaperFD(args[0] == "go")
	if err != nil {
		return err
	}
	if err := unix.Dup3(3, 0, 0); err != nil {
		return err
	}
	if err := unix.CloseRange(1, 1<<32-1, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return err
	}
	name, command := []byte("netjail-reaper\x00"), []byte{byte(c.Process.Pid), 0}
	argv := []*byte{&name[0], &command[0], nil}
	env := []*byte{nil}
	empty := []byte{0}
	_, _, e := unix.Syscall6(unix.SYS_EXECVEAT, uintptr(reaper), uintptr(unsafe.Pointer(&empty[0])),
		uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&env[0])), unix.AT_EMPTY_PATH, 0)
	return e
}

// jail is a pid namespace whose pid 1 is a reaper.
type jail struct {
	*testing.T
	owner  *exec.Cmd
	input  io.Writer // the command's
	status *Channel
	life   *os.File // ends when nobody lives who has the other end
}

func startJail(t *testing.T, reaper, script string) *jail {
	t.Helper()
	c, other, err := NewChannel()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetPatience(20 * time.Second); err != nil {
		t.Fatal(err)
	}
	life, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { life.Close() })
	end := os.NewFile(uintptr(other), "status")
	j := &jail{T: t, owner: inUserNamespace(role("role-owner", reaper, script), unix.CLONE_NEWPID), status: c, life: life}
	if j.input, err = j.owner.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	j.owner.ExtraFiles = []*os.File{end, hold}
	j.owner.SysProcAttr.Setpgid = true
	if err := j.owner.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		j.owner.Process.Kill()
		j.owner.Wait() // an error where the test has waited itself
	})
	end.Close()
	hold.Close()
	return j
}

// receive wants exactly this message, from the reaper.
func (j *jail) receive(want ...byte) {
	j.Helper()
	var b [8]byte
	n, pid, err := j.status.Receive(b[:])
	if err != nil || string(b[:n]) != string(want) || pid != j.owner.Process.Pid {
		j.Fatalf("%q of process %d, %v; want %q of %d\n%s", b[:n], pid, err, want, j.owner.Process.Pid, output(j.owner))
	}
}

// report is the next wait status.
func (j *jail) report() unix.WaitStatus {
	j.Helper()
	var b [8]byte
	n, pid, err := j.status.Receive(b[:])
	if err != nil || n != 4 || pid != j.owner.Process.Pid {
		j.Fatalf("%d bytes of process %d, %v", n, pid, err)
	}
	return unix.WaitStatus(binary.LittleEndian.Uint32(b[:]))
}

// admit leads the reaper to where it reaps.
func (j *jail) admit() {
	j.Helper()
	j.receive(ReaperReady)
	if err := j.status.Send([]byte{ReaperReady}); err != nil {
		j.Fatal(err)
	}
	j.receive(ReaperDone, 0)
}

// ended wants the reaper to have ended well, and everybody else with it.
func (j *jail) ended() {
	j.Helper()
	var b [8]byte
	if _, _, err := j.status.Receive(b[:]); !errors.Is(err, io.EOF) {
		j.Errorf("behind the last word: %v", err)
	}
	if err := j.owner.Wait(); err != nil {
		j.Errorf("the reaper: %v", err)
	}
	if rest, err := io.ReadAll(j.life); len(rest) > 0 || err != nil {
		j.Errorf("%q, %v", rest, err)
	}
}

// reapers are both kinds, where this host lets the tiny program run.
func reapers(t *testing.T, test func(*testing.T, string)) {
	jailtest.Require(t, "userns", "pidns")
	for _, kind := range []string{"memory", "go"} {
		t.Run(kind, func(t *testing.T) { test(t, kind) })
	}
}

func TestReaperExit(t *testing.T) {
	reapers(t, func(t *testing.T, kind string) {
		j := startJail(t, kind, "exit 7")
		j.admit()
		if s := j.report(); !s.Exited() || s.ExitStatus() != 7 {
			t.Errorf("%#x, want exit 7", uint32(s))
		}
		j.ended()
	})
}

func TestReaperSignal(t *testing.T) {
	reapers(t, func(t *testing.T, kind string) {
		j := startJail(t, kind, "kill -TERM $$")
		j.admit()
		if s := j.report(); !s.Signaled() || s.Signal() != unix.SIGTERM {
			t.Errorf("%#x, want SIGTERM", uint32(s))
		}
		j.ended()
	})
}

// TestReaperStop: stops and continuations are told, and are not the end.
func TestReaperStop(t *testing.T) {
	reapers(t, func(t *testing.T, kind string) {
		j := startJail(t, kind, "kill -STOP $$; read x; kill -TSTP $$; read x; exit 3")
		j.admit()
		for _, want := range []unix.Signal{unix.SIGSTOP, unix.SIGTSTP} {
			if s := j.report(); !s.Stopped() || s.StopSignal() != want {
				t.Fatalf("%#x, want a stop by %s", uint32(s), want)
			}
			if err := unix.Kill(-j.owner.Process.Pid, unix.SIGCONT); err != nil {
				t.Fatal(err)
			}
			if s := j.report(); !s.Continued() {
				t.Fatalf("%#x, want a continuation", uint32(s))
			}
			// Only now may it go on: the kernel keeps the last change alone.
			fmt.Fprintln(j.input, "go on")
		}
		if s := j.report(); !s.Exited() || s.ExitStatus() != 3 {
			t.Errorf("%#x, want exit 3", uint32(s))
		}
		j.ended()
	})
}

// TestReaperOrphans: others that end are reaped without a word, and those that
// live end with the reaper.
func TestReaperOrphans(t *testing.T) {
	reapers(t, func(t *testing.T, kind string) {
		j := startJail(t, kind, `
			(sh -c 'exit 5' & exit 6) # an orphan that ends
			(sh -c 'kill -STOP $$' <&3 & exit 6) # one that never does, and holds a pipe
			exec 3>&-
			exit 0`)
		j.admit()
		if s := j.report(); s != 0 {
			t.Errorf("%#x, want the command's own exit 0", uint32(s))
		}
		j.ended()
	})
}

// TestReaperHidden: it is no longer dumpable when it says so, and keeps nothing
// open but the channel.
func TestReaperHidden(t *testing.T) {
	reapers(t, func(t *testing.T, kind string) {
		j := startJail(t, kind, "kill -STOP $$")
		j.receive(ReaperReady)
		dir := fmt.Sprintf("/proc/%d/", j.owner.Process.Pid)
		links, err := os.ReadDir(dir + "fd")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range links {
			to, err := os.Readlink(dir + "fd/" + l.Name())
			if err != nil {
				t.Fatal(err)
			}
			if l.Name() == "0" != strings.HasPrefix(to, "socket:") && to != "/dev/null" {
				t.Errorf("descriptor %s is %s", l.Name(), to)
			}
		}
		if err := j.status.Send([]byte{ReaperReady}); err != nil {
			t.Fatal(err)
		}
		j.receive(ReaperDone, 0)
		var st unix.Stat_t
		if err := unix.Stat(dir+"fd", &st); err != nil {
			t.Fatal(err)
		}
		if os.Getuid() != 0 && st.Uid == uint32(os.Getuid()) {
			t.Error("its files are still its user's")
		}
		if s := j.report(); !s.Stopped() {
			t.Errorf("%#x, want the stop from before", uint32(s))
		}
	})
}

// TestReaperAlone: without the answer the reaper ends, and the command with it.
func TestReaperAlone(t *testing.T) {
	reapers(t, func(t *testing.T, kind string) {
		j := startJail(t, kind, "kill -STOP $$")
		j.receive(ReaperReady)
		j.status.Close()
		if err := j.owner.Wait(); err != nil {
			t.Errorf("the reaper: %v", err)
		}
		if rest, err := io.ReadAll(j.life); len(rest) > 0 || err != nil {
			t.Errorf("%q, %v", rest, err)
		}
	})
}

// TestReapArguments: whoever calls it otherwise than Start's program does gets
// nothing, and no word on descriptor 0.
func TestReapArguments(t *testing.T) {
	for _, args := range [][]string{{}, {"ab"}, {"a", "b"}} {
		c := role("netjail-reaper", args...)
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		in := os.NewFile(uintptr(fds[1]), "status")
		c.Stdin = in
		if status := waitStatus(t, c); status != 0 {
			t.Errorf("%q: ended with %#x", args, uint32(status))
		}
		in.Close()
		var b [8]byte
		if n, err := unix.Read(fds[0], b[:]); n != 0 || err != nil {
			t.Errorf("%q: it said %q, %v", args, b[:max(n, 0)], err)
		}
		unix.Close(fds[0])
	}
}

// TestReaperFD: the tiny program where there is one, netjail itself otherwise, and
// neither survives an execve.
func TestReaperFD(t *testing.T) {
	for _, native := range []bool{false, true} {
		fd, err := ReaperFD(native)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		if err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("flags %#x, %v", flags, err)
		}
		to, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
		if err != nil {
			t.Fatal(err)
		}
		self, err := os.Readlink("/proc/self/exe")
		if err != nil {
			t.Fatal(err)
		}
		if native && to != self {
			t.Errorf("%s, want %s", to, self)
		}
		if _, err := reaperImage(); err == nil && !native && !strings.Contains(to, "netjail-reaper") {
			t.Errorf("%s, want memory", to)
		}
	}
}

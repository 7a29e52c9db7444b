package library

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/jailtest"
)

// childWord makes this test binary a child that prints caps.OfThread and then waits
// for the end of its standard input.
const childWord = "caps-test-child"

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == childWord {
		child()
	}
	os.Exit(m.Run())
}

func child() {
	sets, err := caps.OfThread()
	fmt.Println(line(sets, err))
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// line is one answer in a form that can be compared across the pipe.
func line(sets caps.Sets, err error) string {
	if err != nil {
		return err.Error()
	}
	text := ""
	for _, k := range caps.Kinds() {
		text += sets.Get(k).Hex() + " "
	}
	return text
}

// start runs the child and returns its number and what it said.
func start(t *testing.T, attr *syscall.SysProcAttr) (pid int, said string) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", childWord)
	cmd.SysProcAttr = attr
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		require(t, "userns", err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid, strings.TrimSuffix(said, "\n")
}

// require skips what this host cannot do, unless NETJAIL_REQUIRE names the word.
func require(t *testing.T, word string, err error) {
	t.Helper()
	for _, w := range strings.Split(os.Getenv("NETJAIL_REQUIRE"), ",") {
		if w == word {
			t.Fatalf("%s is required: %v", word, err)
		}
	}
	t.Skipf("no %s here: %v", word, err)
}

func ids(uid int) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: uid, HostID: os.Getuid(), Size: 1}}
}

func groups(gid int) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: gid, HostID: os.Getgid(), Size: 1}}
}

// TestThreeSourcesAgree compares /proc/PID/status, gocapability and the child's
// own capget and prctl.
func TestThreeSourcesAgree(t *testing.T) {
	tests := []struct {
		name string
		root bool // needs root
		attr syscall.SysProcAttr
	}{
		{"plain", false, syscall.SysProcAttr{}},
		{"ordinary user", true, syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65533, Gid: 65533}}},
		{"ambient", true, syscall.SysProcAttr{
			Credential:  &syscall.Credential{Uid: 65533, Gid: 65533},
			AmbientCaps: []uintptr{uintptr(caps.NetRaw), uintptr(caps.Syslog), uintptr(caps.CheckpointRestore)},
		}},
		{"mapped to 0", false, syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: ids(0), GidMappings: groups(0)}},
		{"mapped to 7", false, syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: ids(7), GidMappings: groups(7)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.root && os.Getuid() != 0 {
				t.Skip("only root can become somebody else")
			}
			pid, thread := start(t, &tt.attr)
			text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
			if err != nil {
				t.Fatal(err)
			}
			status := line(caps.ParseStatus(text))
			library := line(OfProcess(pid))
			if status != thread || status != library {
				t.Errorf("status  %s\nthread  %s\nlibrary %s", status, thread, library)
			}
			if tt.name == "ambient" && !strings.HasSuffix(status, "0000010400002000 ") {
				t.Errorf("the ambient set is not the one asked for: %s", status)
			}
		})
	}
}

// TestThreadIsNotTheLeader shows why caps.OfThread does not go through the library:
// the sets belong to a thread, and the library reads the leader's.
func TestThreadIsNotTheLeader(t *testing.T) {
	jailtest.OnOtherThread(func() {
		if err := dropOnThread(); err != nil {
			t.Error(err)
		}
	})
}

// dropOnThread empties the calling thread's sets and compares the sources.
func dropOnThread() error {
	before, err := caps.OfThread()
	if err != nil {
		return err
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return err
	}
	after, err := caps.OfThread()
	if err != nil {
		return err
	}
	if !after.Effective.IsEmpty() || !after.Permitted.IsEmpty() {
		return fmt.Errorf("the thread still has %v", after)
	}
	text, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return err
	}
	if status, err := caps.ParseStatus(text); err != nil || status != after {
		return fmt.Errorf("thread-self says %v, %v; want %v", status, err, after)
	}
	leader, err := OfProcess(os.Getpid())
	if err != nil || leader != before {
		return fmt.Errorf("the leader has %v, %v; want %v", leader, err, before)
	}
	return nil
}

func TestOfProcessRefuses(t *testing.T) {
	for _, pid := range []int{-1, 0, 1 << 30} {
		if sets, err := OfProcess(pid); err == nil || sets != (caps.Sets{}) {
			t.Errorf("process %d: got %v, %v", pid, sets, err)
		}
	}
}

func TestLastCap(t *testing.T) {
	last, err := caps.LastCap()
	if err != nil {
		t.Fatal(err)
	}
	sets, err := caps.OfThread()
	if err != nil {
		t.Fatal(err)
	}
	if !sets.Bounding.SubsetOf(caps.Full(last)) {
		t.Errorf("last is %d, but the bounding set is %s", last, sets.Bounding)
	}
	if last > caps.Last {
		t.Logf("this kernel knows %d capabilities more than the table", last-caps.Last)
	}
}

func BenchmarkOfThread(b *testing.B) {
	for b.Loop() {
		if _, err := caps.OfThread(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOfProcess(b *testing.B) {
	pid := os.Getpid()
	for b.Loop() {
		if _, err := OfProcess(pid); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLastCap(b *testing.B) {
	for b.Loop() {
		if _, err := caps.LastCap(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseStatus(b *testing.B) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := caps.ParseStatus(text); err != nil {
			b.Fatal(err)
		}
	}
}

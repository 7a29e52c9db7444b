package seccomp

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// childEnv makes the test binary a child that loads a filter: "filter" or
// "bare", with "+nested" or "+unix" behind it, and then what to do.
const childEnv = "NETJAIL_SECCOMP_CHILD"

// normal are the options of the default profile.
var normal = Options{Families: []uint8{afInet, afInet6, afNetlink}}

func TestMain(m *testing.M) {
	mode := os.Getenv(childEnv)
	if mode == "" {
		os.Exit(m.Run())
	}
	os.Unsetenv(childEnv)
	if strings.HasPrefix(mode, "filter") {
		if err := load(optionsOf(mode)); err != nil {
			fmt.Fprintln(os.Stderr, "load the filter:", err)
			os.Exit(99)
		}
	}
	os.Exit(child(os.Args[1:], optionsOf(mode)))
}

// optionsOf are the options that a mode stands for.
func optionsOf(mode string) Options {
	o := normal
	o.Nested = strings.HasSuffix(mode, "+nested")
	o.Unix = strings.HasSuffix(mode, "+unix")
	return o
}

// load puts every thread of this process under the filter.
func load(o Options) error {
	a, ok := Host()
	if !ok {
		return fmt.Errorf("no table for %s", runtime.GOARCH)
	}
	b := Bytes(Assemble(a, o))
	prog := unix.SockFprog{Len: uint16(len(b) / Size), Filter: (*unix.SockFilter)(unsafe.Pointer(&b[0]))}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, e := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(b)
	if e != 0 {
		return e
	}
	return nil
}

// child does what the arguments say, in a process of its own.
func child(args []string, o Options) int {
	switch args[0] {
	case "probes":
		a, _ := Host()
		for _, p := range Probes(o) {
			if p.Number[a] == absent {
				continue
			}
			_, _, e := unix.RawSyscall6(uintptr(p.Number[a]), uintptr(p.Args[0]), uintptr(p.Args[1]), uintptr(p.Args[2]), uintptr(p.Args[3]), uintptr(p.Args[4]), uintptr(p.Args[5]))
			fmt.Println(p.Name, int(e))
		}
	case "call": // a number to call, with no arguments
		n, _ := strconv.ParseUint(args[1], 0, 32)
		_, _, e := unix.RawSyscall6(uintptr(n), 0, 0, 0, 0, 0, 0)
		fmt.Println(Errno(e))
	case "datagram": // send to a socket of the host from a pair
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
		if err == nil {
			err = unix.Sendto(fds[0], []byte("out"), 0, &unix.SockaddrUnix{Name: args[1]})
		}
		fmt.Println(err)
	case "unix":
		tryUnix()
	case "exec":
		path, err := exec.LookPath(args[1])
		if err == nil {
			signal.Reset()
			err = syscall.Exec(path, args[1:], os.Environ())
		}
		fmt.Fprintln(os.Stderr, err)
		return 98
	}
	return 0
}

// user is somebody to run a child as.
type user struct {
	name string
	cred *syscall.Credential
}

// users are root and an ordinary user where this is root, else the one that it
// is.
func users() []user {
	if os.Getuid() != 0 {
		return []user{{"user", nil}}
	}
	return []user{{"root", nil}, {"user", &syscall.Credential{Uid: 65534, Gid: 65534}}}
}

// command is a child that is still to run, in a directory of its own.
func (u user) command(t *testing.T, mode string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "seccomp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	// The link leads to the binary also where its directory may not be entered.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, "/proc/self/exe", args...)
	c.WaitDelay = time.Second
	c.Cancel = func() error { return unix.Kill(-c.Process.Pid, unix.SIGKILL) } // and what it started
	c.Dir = dir
	c.Env = []string{childEnv + "=" + mode, "PATH=" + path(u), "HOME=" + dir, "TMPDIR=" + dir, "GOCACHE=" + dir + "/cache", "GOTOOLCHAIN=local", "GOFLAGS=-mod=mod"}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: u.cred}
	if u.cred != nil {
		if err := os.Chown(dir, int(u.cred.Uid), int(u.cred.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// path leaves out what only root can enter.
func path(u user) string {
	const system = "/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin"
	if u.cred != nil {
		return system
	}
	return system + ":" + os.Getenv("PATH")
}

// answers runs the probes in a child.
func answers(t *testing.T, u user, mode string) map[string]Errno {
	t.Helper()
	c := u.command(t, mode, "probes")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m := map[string]Errno{}
	for line := range strings.Lines(string(out)) {
		var name string
		var e int
		if _, err := fmt.Sscan(line, &name, &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		m[name] = Errno(e)
	}
	return m
}

// needKernel skips where no filter can be loaded, and says whether this process
// is free of one itself.
func needKernel(t *testing.T) (free bool) {
	t.Helper()
	a, ok := Host()
	if !ok {
		t.Skip("no table for " + runtime.GOARCH)
	}
	if out, err := users()[0].command(t, "filter", "call", "1023").CombinedOutput(); err != nil {
		if os.Getenv("NETJAIL_REQUIRE") != "" {
			t.Fatalf("this machine is to take a filter for %s: %v: %s", a, err, out)
		}
		t.Skipf("this kernel takes no filter for %s: %v: %s", a, err, out)
	}
	status, err := os.ReadFile("/proc/thread-self/status")
	return err == nil && strings.Contains(string(status), "\nSeccomp:\t0\n")
}

// TestKernel makes every probe with the filter, and without it to see that the
// answers come from the filter.
func TestKernel(t *testing.T) {
	free := needKernel(t)
	for _, u := range users() {
		for _, more := range []string{"", "+unix"} {
			t.Run(u.name+more, func(t *testing.T) {
				with := answers(t, u, "filter"+more)
				var without map[string]Errno
				if free {
					without = answers(t, u, "bare"+more)
				}
				for _, p := range Probes(optionsOf(more)) {
					checkProbe(t, &p, with, without)
				}
			})
		}
	}
}

// checkProbe compares the answers to a probe with the table; without is nil where
// this process itself is under a filter.
func checkProbe(t *testing.T, p *Probe, with, without map[string]Errno) {
	t.Helper()
	if a, _ := Host(); p.Number[a] == absent {
		return
	}
	if e, ok := with[p.Name]; !ok || e != p.Errno {
		t.Errorf("%s: %s under the filter, want %s", p.Name, e, p.Errno)
	}
	if without == nil || without[p.Name] == p.Bare {
		return
	}
	e := without[p.Name]
	if e == p.Errno {
		t.Logf("%s: this kernel answers %s by itself, so the probe shows nothing here", p.Name, e)
	} else {
		t.Logf("%s: %s without a filter, the table says %s", p.Name, e, p.Bare)
	}
	if newerThan(t, 6, 17) {
		t.Errorf("%s: %s without a filter, want %s", p.Name, e, p.Bare)
	}
}

// newerThan says whether the kernel is of a later release.
func newerThan(t *testing.T, major, minor int) bool {
	t.Helper()
	var u unix.Utsname
	var x, y int
	if err := unix.Uname(&u); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(unix.ByteSliceToString(u.Release[:]), "%d.%d", &x, &y); err != nil {
		t.Fatal(err)
	}
	return x > major || x == major && y > minor
}

// TestKernelNumbers tries numbers that are no calls of the table.
func TestKernelNumbers(t *testing.T) {
	needKernel(t)
	for _, c := range []struct {
		number, want string
		arch         string
	}{
		{"470", "ENOSYS", ""},
		{"0xffffffff", "ENOSYS", ""},
		{"0x40000027", "", "amd64"}, // getpid of x32
	} {
		if c.arch != "" && c.arch != runtime.GOARCH {
			continue
		}
		for _, u := range users() {
			cmd := u.command(t, "filter", "call", c.number)
			out, err := cmd.Output()
			if c.want == "" {
				if s, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || s.Signal() != unix.SIGSYS {
					t.Errorf("call %s: %v, want SIGSYS", c.number, err)
				}
				continue
			}
			if strings.TrimSpace(string(out)) != c.want {
				t.Errorf("call %s: %s %v, want %s", c.number, out, err, c.want)
			}
		}
	}
}

// TestDatagramPair shows why a pair of datagram sockets is refused: one of them
// reaches a socket of the host by its name.
func TestDatagramPair(t *testing.T) {
	free := needKernel(t)
	for _, u := range users() {
		for _, mode := range []string{"bare", "filter"} {
			c := u.command(t, mode, "datagram", "socket")
			name := filepath.Join(c.Dir, "socket")
			c.Args[2] = name
			fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
			if err != nil {
				t.Skip(err)
			}
			defer unix.Close(fd)
			if err := unix.Bind(fd, &unix.SockaddrUnix{Name: name}); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(name, 0o777); err != nil {
				t.Fatal(err)
			}
			out, err := c.CombinedOutput()
			n, _, _ := unix.Recvfrom(fd, make([]byte, 8), 0)
			switch {
			case err != nil:
				t.Errorf("%s, %s: %v %s", u.name, mode, err, out)
			case mode == "bare" && free && n != 3:
				t.Errorf("%s: nothing arrived without a filter: %s", u.name, out)
			case mode == "filter" && (n == 3 || !strings.Contains(string(out), "socket type not supported")):
				t.Errorf("%s: %d bytes arrived, %s", u.name, n, out)
			}
		}
	}
}

// TestMkdirMode shows why mkdir is let through: the kernel drops the bits.
func TestMkdirMode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	if err := unix.Mkdir(dir, 0o6755); err != nil {
		t.Fatal(err)
	}
	var s unix.Stat_t
	if err := unix.Stat(dir, &s); err != nil {
		t.Fatal(err)
	}
	if s.Mode&setID != 0 {
		t.Errorf("mkdir gave %#o", s.Mode)
	}
}

// BenchmarkLoad is the kernel's share: checking, translating, and following the
// program for every number.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // never unlocked, so the thread ends with its filter
			done <- loadThread(normal)
		}()
		if err := <-done; err != nil {
			b.Skip(err)
		}
	}
}

// loadThread puts this thread alone under the filter.
func loadThread(o Options) error {
	a, _ := Host()
	code := Bytes(Assemble(a, o))
	prog := unix.SockFprog{Len: uint16(len(code) / Size), Filter: (*unix.SockFilter)(unsafe.Pointer(&code[0]))}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)), 0, 0)
	runtime.KeepAlive(code)
	return err
}

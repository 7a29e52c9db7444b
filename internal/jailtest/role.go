package jailtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// The first argument of a test's program that is to be something else.
const (
	roleFilter  = "jailtest-filter"
	roleBlocked = "jailtest-blocked"
	roleWithout = "jailtest-without-namespaces"
	roleSignals = "jailtest-signals"
	roleOrphan  = "jailtest-orphan"
	roleHost    = "jailtest-host"
	roleVisitor = "jailtest-visitor"

	roleServices = "jailtest-services"
	roleConverse = "jailtest-converse"
)

// Role lets the test's program be one of this package's helpers. TestMain calls
// it first, and ends with code where played is true.
//
//	func TestMain(m *testing.M) {
//		if code, played := jailtest.Role(os.Args, os.Stdin, os.Stdout); played {
//			os.Exit(code)
//		}
//		os.Exit(m.Run())
//	}
func Role(args []string, in io.Reader, out io.Writer) (code int, played bool) {
	if len(args) < 2 || !strings.HasPrefix(args[1], "jailtest-") {
		return 0, false
	}
	runtime.LockOSThread()
	var err error
	switch rest := args[2:]; args[1] {
	case roleFilter:
		err = underFilter(rest)
	case roleBlocked:
		err = withBlocked(rest)
	case roleWithout:
		err = withoutNamespaces(rest[0], rest[1:])
	case roleSignals:
		err = tellSignals(out)
	case roleOrphan:
		err = orphan(out)
	case roleHost:
		err = hostMeetings(in, out)
	case roleConverse:
		err = converse(out, rest[0])
	case roleServices:
		err = runServices(in, out, rest)
	case roleVisitor:
		err = visitMeetings(in, out)
	default:
		err = errors.New("no such role")
	}
	if err != nil {
		fmt.Fprintln(out, args[1]+":", err)
		return 111, true
	}
	return 0, true
}

// underFilter installs a filter and executes a command.
func underFilter(args []string) error {
	var f Filter
	if err := json.Unmarshal([]byte(args[0]), &f); err != nil {
		return err
	}
	if err := f.install(); err != nil {
		return err
	}
	return syscall.Exec(args[1], args[1:], os.Environ())
}

// Blocked is a command line that runs another with a signal blocked.
func Blocked(self string, s syscall.Signal, argv ...string) []string {
	return append([]string{self, roleBlocked, strconv.Itoa(int(s))}, argv...)
}

func withBlocked(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	var set unix.Sigset_t
	set.Val[0] = 1 << (n - 1)
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &set, nil); err != nil {
		return err
	}
	return syscall.Exec(args[1], args[1:], os.Environ())
}

// WithoutUserNamespaces is WithoutNamespaces for those.
func WithoutUserNamespaces(self string, argv ...string) []string {
	return WithoutNamespaces(self, "user", argv...)
}

// WithoutNamespaces is a command line that runs another in a user namespace of its
// own in which no namespace of a kind, by its name below /proc/PID/ns, may be made.
// It runs with InUserNamespace's attributes.
func WithoutNamespaces(self, kind string, argv ...string) []string {
	return append([]string{self, roleWithout, kind}, argv...)
}

// InUserNamespace puts a process into a new user namespace, in which it is user
// 1000 and may set limits on namespaces. Outside it is u or, for root, who would
// be the host's root in there under another number, an ordinary user.
func (u User) InUserNamespace() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 1000, HostID: u.ordinary(os.Getuid()), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 1000, HostID: u.ordinary(os.Getgid()), Size: 1}},
		Credential:  &syscall.Credential{Uid: 1000, Gid: 1000, NoSetGroups: true},
		AmbientCaps: []uintptr{unix.CAP_SYS_RESOURCE},
	}
}

// ordinary is id, the caller's own, or the stranger's where the caller is root.
func (u User) ordinary(id int) int {
	if os.Getuid() == 0 {
		return Stranger
	}
	return id
}

func withoutNamespaces(kind string, args []string) error {
	if err := os.WriteFile("/proc/sys/user/max_"+kind+"_namespaces", []byte("0"), 0); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return err
	}
	return syscall.Exec(args[0], args, os.Environ())
}

// Signals is a command line that says "ready" and then the name of every signal
// that it gets, until TERM comes for the second time.
func Signals(self string) []string { return []string{self, roleSignals} }

func tellSignals(out io.Writer) error {
	c := make(chan os.Signal, 64)
	signal.Notify(c, unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGUSR1, unix.SIGUSR2)
	fmt.Fprintln(out, "ready")
	for terms := 0; terms < 2; {
		s := (<-c).(syscall.Signal)
		fmt.Fprintln(out, unix.SignalName(s))
		if s == unix.SIGTERM {
			terms++
		}
	}
	return nil
}

// Orphan is a command line whose process leaves its session, its parent and its
// streams, as daemons do, and sleeps. The one that was called says "ready" and
// sleeps as well.
func Orphan(self string) []string { return []string{self, roleOrphan} }

func orphan(out io.Writer) error {
	// The shell between them ends at once: its child has no parent but pid 1.
	const script = `setsid sleep 1000 </dev/null >/dev/null 2>&1 & setsid sh -c "setsid sleep 1000 & exec sleep 1000" </dev/null >/dev/null 2>&1 & exit 0`
	p, err := os.StartProcess("/bin/sh", []string{"sh", "-c", script}, &os.ProcAttr{Env: os.Environ()})
	if err != nil {
		return err
	}
	if _, err := p.Wait(); err != nil {
		return err
	}
	fmt.Fprintln(out, "ready")
	return syscall.Exec("/bin/sleep", []string{"sleep", "1000"}, os.Environ())
}

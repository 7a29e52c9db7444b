package e2e

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// The variables of the caller's that hold the secret: one by any name, and one
// whose name says so.
const (
	plainVariable  = "NETJAIL_TEST_PLAIN"
	secretVariable = "NETJAIL_TEST_TOKEN"
)

// byPID is what leaves an attempt by a process's number open that takes the same
// user.
func byPID(o *opening) string { return when(o.host(ns.PID) && o.owns(), "namespaces.pid") }

// byUser is what leaves an attempt open that also takes the capability to trace,
// which a user namespace of the command's own does not give over the host's.
func byUser(o *opening) string { return when(o.host(ns.PID) && o.itself(), "namespaces.user") }

func processChannels() []channel {
	list := []channel{
		{id: "proc.ptrace", what: "ptrace(2) of a host process", lay: layBuffer, try: pokeByTrace, fate: byUser},
		{id: "proc.memory", what: "process_vm_writev(2) into a host process", lay: layBuffer, try: pokeByVM, fate: byUser},
		{id: "proc.mem", what: "/proc/PID/mem of a host process", lay: layBuffer, try: pokeByFile, fate: byUser},
		{id: "proc.getfd", what: "pidfd_getfd(2) of a host process's connection", lay: layTargetConnection, try: takeConnection, fate: byUser},
		{id: "proc.links", what: "a host process's files, by /proc/PID/fd", lay: laySecret, try: readLinks, fate: byUser},
		{id: "proc.enter", what: "the files of a process that enters the jail", lay: layEntry, try: rob, fate: byUser},
		{
			id: "proc.view", what: "a host process's arguments, in /proc", lay: laySecret, try: readArguments,
			fate: func(o *opening) string { return when(o.host(ns.PID), "namespaces.pid") },
		},
		{id: "proc.signal", what: "kill(2) of a host process", lay: laySignal, try: func(a []string) (string, error) { return "", unix.Kill(number(a[0]), unix.SIGUSR1) }, fate: byPID},
		{id: "proc.group", what: "kill(0, …), in a session without a terminal", lay: layWinch, try: func([]string) (string, error) { return "", unix.Kill(0, unix.SIGWINCH) }, fate: bySignalGroup},
		{id: "proc.prlimit", what: "prlimit(2) of a host process", lay: layLimit, try: setLimit, fate: func(o *opening) string {
			return when(o.host(ns.PID) && o.owns() && o.unfiltered(), "namespaces.pid")
		}},
		{id: "proc.priority", what: "setpriority(2) of a host process", lay: layNice, try: func(a []string) (string, error) {
			return "", unix.Setpriority(unix.PRIO_PROCESS, number(a[0]), niceness)
		}, fate: byPID},
		{id: "proc.group-priority", what: "ioprio_set(2) of the caller's process group, in a session without a terminal", lay: layGroupPriority, try: setGroupPriority, fate: func(o *opening) string {
			return when(o.owns() && o.unfiltered(), "namespaces.pid")
		}},
		{id: "proc.peer-pidfd", what: "the pidfd of a host's server, through its socket", lay: layPeer, try: signalPeer, fate: func(o *opening) string {
			return when(byPath(o) != "" && byPID(o) != "", "sockets.unix")
		}},
		{id: "proc.environment", what: "a variable of the caller's", lay: laySecret, try: func([]string) (string, error) { return os.Getenv(plainVariable), nil }, fate: func(o *opening) string {
			return when(len(o.Process.Environment.Pass) == 1 && o.Process.Environment.Pass[0] == "*", "process.environment")
		}},
		{id: "proc.secret", what: "a variable of the caller's whose name says that it is secret", lay: laySecret, try: func([]string) (string, error) { return os.Getenv(secretVariable), nil }, fate: func(*opening) string { return "" }},
		{id: "proc.setuid", what: "a set-user-ID program of root's", lay: laySetuid, try: runSetuidProgram, fate: func(o *opening) string {
			return when(o.NewPrivileges && o.itself(), "noNewPrivileges")
		}},
		{id: "ids.subordinate-of-another", what: "a command of root's with an id that is another user's to use (/etc/subuid), who can signal it", lay: forRoot(layOwner), try: takeID, fate: func(o *opening) string {
			return when(o.itself(), "namespaces.user")
		}},
		{id: "caps.effective", what: "capabilities", lay: forRoot(layNothing), word: true, try: haveCapabilities, fate: func(o *opening) string {
			return when(o.Capabilities.Host || o.Capabilities.Sets.Effective != 0, "capabilities")
		}},
		{id: "ns.nested", what: "a user namespace inside, with every capability over it", lay: layNothing, word: true, try: nest, fate: func(o *opening) string {
			return when(o.NestedUserNamespaces == policy.NestingAllow, "nestedUserNamespaces")
		}},
	}
	for i := range list {
		list[i].group, list[i].set = "Processes and privileges", withPipes
	}
	return list
}

// bySignalGroup is what leaves the caller's process group in reach of a signal:
// what keeps the command out of a Landlock domain.
func bySignalGroup(o *opening) string {
	return when(o.owns() && o.host(ns.PID), "namespaces.pid") + when(o.owns() && !o.host(ns.PID) && o.NewPrivileges, "noNewPrivileges")
}

// untraceable says why a process may not trace another of its user's here, or
// nothing: Yama, for whoever is not root.
func (c *caller) untraceable() string {
	if scope := sysctl("kernel/yama/ptrace_scope"); !c.isRoot() && scope != "" && scope != "0" {
		return "kernel.yama.ptrace_scope is " + scope
	}
	return ""
}

// sysctl is what a sysctl says, nothing where there is none.
func sysctl(name string) string {
	text, _ := os.ReadFile("/proc/sys/" + name)
	return strings.TrimSpace(string(text))
}

func layBuffer(c *caller) (*canary, error) {
	if why := c.untraceable(); why != "" {
		return &canary{lacks: why}, nil
	}
	word := nonce()[:16]
	return &canary{args: []string{strconv.Itoa(c.target.PID), strconv.FormatUint(c.target.Address, 10), word}, late: true, crossed: c.target.holds(word)}, nil
}

// address is an argument that is one.
func address(arg string) uintptr {
	n, _ := strconv.ParseUint(arg, 10, 64)
	return uintptr(n)
}

func pokeByTrace(args []string) (string, error) {
	pid := number(args[0])
	if err := unix.PtraceAttach(pid); err != nil {
		return "", err
	}
	defer unix.PtraceDetach(pid)
	if _, err := unix.Wait4(pid, nil, unix.WALL, nil); err != nil {
		return "", err
	}
	_, err := unix.PtracePokeData(pid, address(args[1]), []byte(args[2]))
	return "", err
}

func pokeByVM(args []string) (string, error) {
	b := []byte(args[2])
	local := []unix.Iovec{{Base: &b[0], Len: uint64(len(b))}}
	_, err := unix.ProcessVMWritev(number(args[0]), local, []unix.RemoteIovec{{Base: address(args[1]), Len: len(b)}}, 0)
	return "", err
}

func pokeByFile(args []string) (string, error) {
	f, err := os.OpenFile("/proc/"+args[0]+"/mem", os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	_, err = f.WriteAt([]byte(args[2]), int64(address(args[1])))
	return "", err
}

func layTargetConnection(c *caller) (*canary, error) {
	if why := c.untraceable(); why != "" {
		return &canary{lacks: why}, nil
	}
	word := nonce()
	return &canary{args: []string{strconv.Itoa(c.target.PID), strconv.Itoa(c.target.Connection), word}, late: true, crossed: c.target.heard.hears(word)}, nil
}

func takeConnection(args []string) (string, error) {
	pidfd, err := unix.PidfdOpen(number(args[0]), 0)
	if err != nil {
		return "", err
	}
	fd, err := unix.PidfdGetfd(pidfd, number(args[1]), 0)
	if err != nil {
		return "", err
	}
	_, err = unix.Write(fd, []byte(args[2]))
	return "", err
}

// laySecret is for attempts that are to come back with what only the caller and
// its target know.
func laySecret(c *caller) (*canary, error) {
	return &canary{
		args:    []string{strconv.Itoa(c.target.PID), strconv.Itoa(c.target.Memory)},
		crossed: func(answer string) bool { return strings.Contains(answer, c.target.secret) },
	}, nil
}

func readLinks(args []string) (string, error) {
	f, err := os.Open("/proc/" + args[0] + "/fd/" + args[1])
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(f)
	return string(b), err
}

// readArguments comes back with all that is secret: others' trials have theirs.
func readArguments([]string) (string, error) {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var found strings.Builder
	for _, path := range all {
		text, _ := os.ReadFile(path)
		if _, secret, ok := strings.Cut(string(text), secretMark); ok {
			found.WriteString(strings.ReplaceAll(secret, "\x00", " "))
		}
	}
	if found.Len() == 0 {
		return "", errNotOut
	}
	return found.String(), nil
}

func laySignal(c *caller) (*canary, error) {
	return &canary{args: []string{strconv.Itoa(c.target.PID)}, late: true, crossed: c.target.signalled(unix.SIGUSR1)}, nil
}

func layWinch(c *caller) (*canary, error) {
	k := &canary{}
	c.countWinches(k)
	return k, nil
}

// countWinches has the canary count what comes to the caller itself.
func (c *caller) countWinches(k *canary) {
	var before int64
	k.late = true
	k.before = func() { before = c.winches.Load() }
	k.crossed = func(string) bool { return c.winches.Load() > before }
}

func layLimit(c *caller) (*canary, error) {
	pid := c.target.PID
	return &canary{args: []string{strconv.Itoa(pid)}, crossed: func(string) bool {
		var got unix.Rlimit
		return unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &got) == nil && got.Cur == limitOfFiles
	}}, nil
}

// limitOfFiles and niceness are what the attempts set.
const (
	limitOfFiles = 77
	niceness     = 3
)

func setLimit(args []string) (string, error) {
	var was unix.Rlimit
	if err := unix.Prlimit(number(args[0]), unix.RLIMIT_NOFILE, nil, &was); err != nil {
		return "", err
	}
	was.Cur = limitOfFiles
	return "", unix.Prlimit(number(args[0]), unix.RLIMIT_NOFILE, &was, nil)
}

func layNice(c *caller) (*canary, error) { return niceOf(c.target.PID), nil }

func niceOf(pid int) *canary {
	return &canary{args: []string{strconv.Itoa(pid)}, crossed: func(string) bool {
		got, err := unix.Getpriority(unix.PRIO_PROCESS, pid)
		return err == nil && 20-got == niceness // the system call counts down from 40
	}}
}

// Of linux/ioprio.h: a process group, and the class of all who ask for none.
const (
	ioprioGroup = 2
	ioprioClass = 2 << 13
)

// layGroupPriority wants another priority of its own process group's, which any
// member may change up and down.
func layGroupPriority(*caller) (*canary, error) {
	own := func() uintptr {
		got, _ := call(unix.SYS_IOPRIO_GET, 1, 0)
		return got
	}
	want := ioprioClass | (own()+1)%8
	return &canary{args: []string{fmt.Sprint(want)}, crossed: func(string) bool { return own() == want }}, nil
}

func setGroupPriority(args []string) (string, error) {
	_, err := call(unix.SYS_IOPRIO_SET, ioprioGroup, 0, uintptr(number(args[0])))
	return "", err
}

const soPeerPidfd = 77 // SO_PEERPIDFD of asm-generic/socket.h

// layPeer has the caller itself listen, which counts SIGWINCH.
func layPeer(c *caller) (*canary, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	pidfd, err := unix.GetsockoptInt(fds[0], unix.SOL_SOCKET, soPeerPidfd)
	if err == nil {
		unix.Close(pidfd)
	}
	unix.Close(fds[0])
	unix.Close(fds[1])
	if err == unix.ENOPROTOOPT {
		return &canary{lacks: "SO_PEERPIDFD came with Linux 6.5"}, nil
	}
	k, err := c.socketAt("stream", c.where(jailPlace))
	if err != nil {
		return nil, err
	}
	c.countWinches(k)
	return k, nil
}

func signalPeer(args []string) (string, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return "", err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: args[0]}); err != nil {
		return "", err
	}
	pidfd, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, soPeerPidfd)
	if err != nil {
		return "", err
	}
	return "", unix.PidfdSendSignal(pidfd, unix.SIGWINCH, nil, 0)
}

// laySetuid wants a program of root's to read a file that only root can.
func laySetuid(c *caller) (*canary, error) {
	if c.Setuid == "" {
		return &canary{lacks: "only root can make a set-user-ID program of root's"}, nil
	}
	return &canary{args: []string{c.Setuid}, crossed: func(answer string) bool { return strings.Contains(answer, "uid 0 secret") }}, nil
}

func runSetuidProgram(args []string) (string, error) {
	out, err := exec.Command(args[0], roleSetuid, args[0]+".secret").CombinedOutput()
	return string(out), err
}

// runSetuid reads a file that belongs to root, with the identity that it was
// given.
func runSetuid(out io.Writer, args []string) error {
	b, err := os.ReadFile(args[0])
	fmt.Fprintf(out, "uid %d %s", os.Geteuid(), b)
	return err
}

func haveCapabilities([]string) (string, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if set, ok := strings.CutPrefix(line, "CapEff:"); ok && strings.Trim(set, "0 \t\n") != "" {
			return strings.TrimSpace(set), nil
		}
	}
	return "", errNotOut
}

// nest makes a user namespace with a network namespace below it, as libraries do
// and by clone(2) itself.
func nest([]string) (string, error) {
	const both = unix.CLONE_NEWUSER | unix.CLONE_NEWNET
	pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, both|uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		for {
			unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
		}
	}
	if errno == 0 {
		_, err := unix.Wait4(int(pid), nil, unix.WALL, nil)
		return "clone", err
	}
	c := exec.Command("/bin/true")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: both}
	if err := c.Run(); err != nil {
		return "", errors.Join(errno, err)
	}
	return "clone3", nil
}

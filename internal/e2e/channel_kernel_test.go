package e2e

import (
	"encoding/hex"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// otherCalls are those that are seen in another way than by their success.
func otherCalls() []channel {
	list := []channel{
		{id: "seccomp.x32", what: "calls of the x32 table, answered at all", lay: layAMD64, word: true, try: tryX32, fate: func(o *opening) string {
			return when(o.unfiltered(), "sockets.families")
		}},
		{id: "host.log", what: "the kernel's log, by syslog(2)", lay: layLog, try: readLog, fate: byLog},
		{id: "host.coredump", what: "a dump of memory that a helper of the host's gets, by a pipe in core_pattern", lay: layCore, word: true, try: dumpCore, fate: func(*opening) string {
			return "host.coredump"
		}},
	}
	for i := range list {
		list[i].group, list[i].set = "System calls", withPipes
	}
	return list
}

// byLog is what leaves the log open: root's own capability or, where it is for
// everybody, no filter.
func byLog(o *opening) string {
	switch {
	case !o.unfiltered():
		return ""
	case o.itself() && o.root:
		return "namespaces.user"
	}
	return when(sysctl("kernel/dmesg_restrict") == "0", "sockets.families")
}

// inChild makes a system call without arguments in a process of its own, which may
// be killed for it, and gives the end of that.
func inChild(number uintptr) (unix.WaitStatus, error) {
	var status unix.WaitStatus
	pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno != 0 {
		return status, errno
	}
	if pid == 0 {
		unix.RawSyscall(number, 0, 0, 0)
		for {
			unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
		}
	}
	_, err := unix.Wait4(int(pid), &status, unix.WALL, nil)
	return status, err
}

// tryX32 calls getpid(2) by its number in the x32 table. A kernel without that
// table answers ENOSYS, which is an answer: no filter was before it.
func tryX32([]string) (string, error) {
	const x32Getpid = 0x40000000 + 39
	status, err := inChild(x32Getpid)
	if err == nil && !status.Exited() {
		err = errNotOut
	}
	return "", err
}

// layLog lets the caller read the log as well: an attempt that comes back with a
// part of it has read it.
func layLog(c *caller) (*canary, error) {
	if _, err := logText(); err != nil {
		return &canary{lacks: "the kernel's log is not for this account: " + err.Error()}, nil
	}
	return &canary{crossed: func(answer string) bool {
		part, err := hex.DecodeString(answer)
		all, readErr := logText()
		return err == nil && readErr == nil && len(part) >= 32 && strings.Contains(all, string(part))
	}}, nil
}

// logText is what the kernel's log holds.
func logText() (string, error) {
	b := make([]byte, 1<<20)
	n, err := unix.Klogctl(unix.SYSLOG_ACTION_READ_ALL, b)
	return string(b[:max(n, 0)]), err
}

// readLog comes back with the end of the log.
func readLog([]string) (string, error) {
	text, err := logText()
	return hex.EncodeToString([]byte(text[max(len(text)-200, 0):])), err
}

// layCore changes nothing: what core_pattern says is the host's.
func layCore(*caller) (*canary, error) {
	if !strings.HasPrefix(sysctl("kernel/core_pattern"), "|") {
		return &canary{lacks: "kernel.core_pattern is no pipe here, and one for all of the host"}, nil
	}
	return &canary{}, nil
}

// dumpCore lowers the limit at which the kernel starts no helper, and crashes. What
// the end of the process says is that the helper took its memory.
func dumpCore([]string) (string, error) {
	c := exec.Command("/bin/sh", "-c", "ulimit -c 0 && kill -ABRT $$")
	if err := c.Run(); c.ProcessState == nil {
		return "", err
	}
	if !c.ProcessState.Sys().(syscall.WaitStatus).CoreDump() {
		return "", errNotOut
	}
	return "", nil
}

package jailtest

import (
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Keys as a terminal sends them.
const (
	CtrlC         = "\x03"
	CtrlD         = "\x04"
	CtrlZ         = "\x1a"
	CtrlBackslash = "\x1c"
)

// Terminal is a pseudo-terminal with a program that leads its session. It does
// not echo, so that what is typed is not taken for an answer.
type Terminal struct {
	t      testing.TB
	Leader *exec.Cmd
	master *os.File
	slave  string // its path

	mu      sync.Mutex
	all     []byte
	read    int           // of all, how much Await has passed
	changed chan struct{} // has room for one
}

// Terminal starts a command of u's on a new terminal.
func (u User) Terminal(t testing.TB, name string, args ...string) *Terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	quiet(t, slave)
	if err := slave.Chown(u.UID, -1); err != nil { // as login(1) does
		t.Fatal(err)
	}
	x := &Terminal{t: t, master: master, slave: slave.Name(), changed: make(chan struct{}, 1), Leader: u.Command(name, args...)}
	x.Leader.Stdin, x.Leader.Stdout, x.Leader.Stderr = slave, slave, slave
	x.Leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Credential: u.Credential()}
	if err := x.Leader.Start(); err != nil {
		t.Fatal(err)
	}
	go x.collect()
	t.Cleanup(x.close)
	return x
}

// Shell is an interactive bash with job control; its prompt is the status of
// the last command in square brackets. Names to be used in commands, such as
// netjail's path, come as NAME=value.
func (u User) Shell(t testing.TB, names ...string) *Terminal {
	t.Helper()
	x := u.Terminal(t, "bash", "--norc", "--noprofile", "--noediting", "-i")
	for _, name := range names {
		x.Type(name + "\n")
	}
	x.Type("PS1='[$?]> ' PS2=; set +o history\n")
	x.Await(`\[0\]> $`)
	return x
}

// quiet takes echo from a terminal.
func quiet(t testing.TB, slave *os.File) {
	t.Helper()
	mode, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	mode.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(int(slave.Fd()), unix.TCSETS, mode); err != nil {
		t.Fatal(err)
	}
}

func (x *Terminal) close() {
	unix.Kill(-x.Leader.Process.Pid, unix.SIGKILL)
	x.Leader.Process.Kill()
	x.Leader.Wait()
	for _, p := range x.Processes() {
		unix.Kill(p.PID, unix.SIGKILL)
	}
	x.master.Close()
}

func (x *Terminal) collect() {
	b := make([]byte, 4096)
	for {
		n, err := x.master.Read(b)
		x.mu.Lock()
		x.all = append(x.all, b[:n]...)
		x.mu.Unlock()
		select {
		case x.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// Type sends keys.
func (x *Terminal) Type(keys string) {
	x.t.Helper()
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// Await waits until something new on the screen matches, and passes it: what
// comes next is matched against what comes behind it. It returns the match and
// its groups.
func (x *Terminal) Await(pattern string) []string {
	x.t.Helper()
	re := regexp.MustCompile(pattern)
	timeout := time.After(deadline)
	for {
		if found := x.match(re); found != nil {
			return found
		}
		select {
		case <-x.changed:
		case <-timeout:
			x.t.Fatalf("the terminal does not show %q:\n%s\nin the session: %v", pattern, x.Screen(), x.Processes())
		}
	}
}

func (x *Terminal) match(re *regexp.Regexp) []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	at := re.FindSubmatchIndex(x.all[x.read:])
	if at == nil {
		return nil
	}
	var found []string
	for _, m := range re.FindSubmatch(x.all[x.read:]) {
		found = append(found, string(m))
	}
	x.read += at[1]
	return found
}

// Screen is everything that was ever shown.
func (x *Terminal) Screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.all)
}

// Foreground is the terminal's foreground process group.
func (x *Terminal) Foreground() int {
	x.t.Helper()
	group, err := unix.IoctlGetInt(int(x.master.Fd()), unix.TIOCGPGRP)
	if err != nil {
		x.t.Fatal(err)
	}
	return group
}

// Processes are those of the terminal's session and what was started in it: a
// command that netjail relays has a session of its own.
func (x *Terminal) Processes() []Process {
	all := InSession(x.Leader.Process.Pid)
	for _, p := range Descendants(x.Leader.Process.Pid) {
		if p.Session != x.Leader.Process.Pid {
			all = append(all, p)
		}
	}
	return all
}

// Reached says whether what is typed comes to a process: it is in the foreground
// of this terminal, or of one that is relayed, as it is while this one is raw.
func (x *Terminal) Reached(p Process) bool {
	if p.Session == x.Leader.Process.Pid {
		return p.Group == x.Foreground()
	}
	return p.Group == p.Foreground && x.Modes().Lflag&unix.ICANON == 0
}

// Modes are the terminal's.
func (x *Terminal) Modes() *unix.Termios {
	x.t.Helper()
	mode, err := unix.IoctlGetTermios(int(x.master.Fd()), unix.TCGETS)
	if err != nil {
		x.t.Fatal(err)
	}
	return mode
}

// Own gives the terminal to another user, as it is after su.
func (x *Terminal) Own(uid int) {
	x.t.Helper()
	if err := os.Chown(x.slave, uid, -1); err != nil {
		x.t.Fatal(err)
	}
}

// Resize gives the terminal another size.
func (x *Terminal) Resize(rows, columns int) {
	x.t.Helper()
	if err := pty.Setsize(x.master, &pty.Winsize{Rows: uint16(rows), Cols: uint16(columns)}); err != nil {
		x.t.Fatal(err)
	}
}

// AwaitProcess waits for a process of the terminal's session, or below it, by its name and
// state; state 0 is any.
func (x *Terminal) AwaitProcess(comm string, state byte) Process {
	x.t.Helper()
	var found Process
	Eventually(x.t, "a process "+comm+" in state "+string(state), func() bool {
		for _, p := range x.Processes() {
			if p.Comm == comm && (state == 0 || p.State == state) {
				found = p
				return true
			}
		}
		return false
	})
	return found
}

// tryTerminal says why there are no pseudo-terminals, or nothing.
func tryTerminal() string {
	master, slave, err := pty.Open()
	if err != nil {
		return err.Error()
	}
	master.Close()
	slave.Close()
	return ""
}

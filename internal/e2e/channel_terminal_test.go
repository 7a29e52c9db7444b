package e2e

import (
	"bytes"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/policy"
)

// terminalChannels lead to the terminal of whoever starts the jail. With
// withErrors it is descriptor 2 and the session's, and is not relayed.
func terminalChannels() []channel {
	host := func(o *opening) bool { return o.Process.Terminal == policy.TerminalHost }
	byWord := func(o *opening) string { return when(host(o), "process.terminal") }
	// The session's terminal by the name that every process has for it.
	byName := func(o *opening) string {
		return when(host(o), "process.terminal") + when(!host(o) && o.files(), "filesystem.root")
	}
	list := []channel{
		{id: "tty.typing", what: "typing into the terminal (TIOCSTI), by a standard stream", set: withErrors, lay: layTyping, try: typeInto("2"), fate: byWord},
		{id: "tty.typing-name", what: "typing into the terminal (TIOCSTI), by /dev/tty", set: withErrors, lay: layTyping, try: typeInto("/dev/tty"), fate: byWord},
		{id: "tty.reading", what: "reading what is typed, by the standard stream for errors", set: withErrors, lay: layTyped, try: readTyped("2", false), fate: byWord},
		{id: "tty.reading-name", what: "reading what is typed, by /dev/tty, in the foreground", set: withErrors, lay: layTyped, try: readTyped("/dev/tty", false), fate: byName},
		{id: "tty.background", what: "reading what is typed next, from a session of its own", set: withErrors, lay: layTyped, try: readTyped("2", true), fate: byWord},
		{id: "tty.path", what: "reading what is typed, by the terminal's path in /dev/pts", set: withErrors, lay: layTypedPath, try: readTypedPath, fate: func(o *opening) string {
			return when(o.files() && o.owns(), "filesystem.root")
		}},
		{id: "tty.relayed", what: "the terminal itself, where all three streams are it", set: withTerminal, lay: layWindow, try: resize("0"), fate: byWord},
		{id: "tty.relayed-name", what: "the terminal by /dev/tty, where all three streams are it", set: withTerminal, lay: layWindow, try: resize("/dev/tty"), fate: byWord},
		{id: "tty.relayed-path", what: "the terminal by its path, where all three streams are it", set: withTerminal, lay: layWindow, try: resizePath, fate: func(o *opening) string {
			return when(o.files() && o.owns(), "filesystem.root")
		}},
	}
	for i := range list {
		list[i].group = "The caller's terminal"
	}
	return list
}

// terminal opens what an attempt names: a descriptor or a path.
func terminal(name string, mode int) (int, error) {
	if n, err := strconv.Atoi(name); err == nil {
		return n, nil
	}
	return unix.Open(name, mode|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
}

// layTyping looks for what is in the terminal's input and nobody typed.
func layTyping(c *caller) (*canary, error) {
	if sysctl("dev/tty/legacy_tiocsti") == "0" && !c.isRoot() {
		return &canary{lacks: "dev.tty.legacy_tiocsti is 0"}, nil
	}
	return &canary{crossed: func(string) bool {
		n, err := unix.IoctlGetInt(int(c.slave.Fd()), unix.TIOCINQ)
		if err != nil || n == 0 {
			return false
		}
		b := make([]byte, 64)
		n, err = unix.Read(int(c.slave.Fd()), b)
		return err == nil && bytes.Contains(b[:n], []byte("#"))
	}}, nil
}

func typeInto(name string) func([]string) (string, error) {
	return func([]string) (string, error) {
		fd, err := terminal(name, unix.O_RDWR)
		if err != nil {
			return "", err
		}
		for _, key := range []byte("#\n") {
			if _, err := call(unix.SYS_IOCTL, uintptr(fd), unix.TIOCSTI, at(&key)); err != nil {
				return "", err
			}
		}
		return "", nil
	}
}

// layTyped types a line of which the attempt is to come back with the text. What
// is not read is taken out again.
func layTyped(c *caller) (*canary, error) {
	word := ""
	k := &canary{}
	k.before = func() {
		word = nonce()
		c.master.WriteString(word + "\n")
	}
	k.crossed = func(answer string) bool {
		unix.IoctlSetInt(int(c.slave.Fd()), unix.TCFLSH, unix.TCIFLUSH)
		return answer == word+"\n"
	}
	return k, nil
}

// readTyped reads a line that was typed, after having left the session or not.
func readTyped(name string, leave bool) func([]string) (string, error) {
	return func([]string) (string, error) {
		if leave {
			if _, err := unix.Setsid(); err != nil {
				return "", err
			}
		}
		fd, err := terminal(name, unix.O_RDONLY)
		if err != nil {
			return "", err
		}
		if err := unix.SetNonblock(fd, true); err != nil {
			return "", err
		}
		return readAll(fd)
	}
}

func layTypedPath(c *caller) (*canary, error) {
	k, err := layTyped(c)
	k.args = []string{c.slave.Name()}
	return k, err
}

func readTypedPath(args []string) (string, error) { return readTyped(args[0], true)(nil) }

// windowColumns is the width that the attempts give the terminal.
const windowColumns = 173

func layWindow(c *caller) (*canary, error) {
	return &canary{args: []string{c.slave.Name()}, crossed: func(string) bool {
		size, err := unix.IoctlGetWinsize(int(c.slave.Fd()), unix.TIOCGWINSZ)
		crossed := err == nil && size.Col == windowColumns
		unix.IoctlSetWinsize(int(c.slave.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
		return crossed
	}}, nil
}

func resize(name string) func([]string) (string, error) {
	return func([]string) (string, error) {
		fd, err := terminal(name, unix.O_RDWR)
		if err != nil {
			return "", err
		}
		return "", unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: windowColumns})
	}
}

func resizePath(args []string) (string, error) { return resize(args[0])(nil) }

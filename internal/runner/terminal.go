package runner

import (
	"errors"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/sys"
)

// terminal is a terminal of the command's, and the caller's that it is relayed
// to. While netjail is in the foreground of the caller's, that is raw: every key
// goes to the command's terminal, where it means what it means there.
type terminal struct {
	// in and out are the caller's terminal; they do not block where it could be
	// opened again for that.
	in, out int
	// master and slave are the command's. The slave is held open so that the master
	// does not fail while the command has it closed.
	master, slave int
	raw           bool
	before        unix.Termios // of the caller's, as it was when it became raw
	size          unix.Winsize
	gone          bool // one of the two was hung up
}

// tty is the caller's terminal, which 0, 1 and 2 all are.
const tty = 0

// newTerminal makes a terminal of this pair like the caller's, which belongs to
// uid.
func newTerminal(master, slave, uid int) (*terminal, error) {
	t := &terminal{in: unix.Stdin, out: unix.Stdout, master: master, slave: slave}
	if err := t.liken(uid); err != nil {
		return nil, errors.Join(err, t.close())
	}
	if fd, err := openAgain(unix.Stdin, unix.O_NONBLOCK|unix.O_CLOEXEC); err == nil {
		t.in = fd
	}
	if fd, err := openAgain(unix.Stdout, unix.O_NONBLOCK|unix.O_CLOEXEC); err == nil {
		t.out = fd
	}
	return t, nil
}

// liken gives the command's terminal the caller's modes and size, and its owner.
func (t *terminal) liken(uid int) error {
	mode, err := unix.IoctlGetTermios(tty, unix.TCGETS)
	if err == nil {
		err = unix.IoctlSetTermios(t.slave, unix.TCSETS, mode)
	}
	if err == nil {
		err = t.own(uid)
	}
	t.resize()
	return err
}

// own gives the command's terminal to uid. One that the child has opened belongs to
// it already.
func (t *terminal) own(uid int) error {
	var st unix.Stat_t
	if err := unix.Fstat(t.slave, &st); err != nil || st.Uid == uint32(uid) {
		return err
	}
	return unix.Fchown(t.slave, uid, -1)
}

// resize gives the command's terminal the caller's size. The kernel tells the
// command where that is another.
func (t *terminal) resize() {
	if size, err := unix.IoctlGetWinsize(tty, unix.TIOCGWINSZ); err == nil && *size != t.size {
		t.size = *size
		unix.IoctlSetWinsize(t.master, unix.TIOCSWINSZ, size)
	}
}

// foreground says whether the caller's terminal talks to netjail's process group.
func foreground() bool {
	group, err := unix.IoctlGetInt(tty, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// tend makes the caller's terminal raw once netjail is in its foreground. Whoever
// took it away has set it as he wants it: then nothing is given back.
func (t *terminal) tend() {
	if t.gone || !foreground() {
		t.raw = false
		return
	}
	if t.raw {
		return
	}
	t.resize()
	mode, err := unix.IoctlGetTermios(tty, unix.TCGETS)
	if err != nil {
		return
	}
	t.before = *mode
	// Should the terminal be taken away in between, the kernel stops netjail here,
	// as it stops any job that sets a terminal from the background.
	t.raw = unix.IoctlSetTermios(tty, unix.TCSETS, rawMode(*mode)) == nil
}

// rawMode is cfmakeraw(3).
func rawMode(m unix.Termios) *unix.Termios {
	m.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	m.Oflag &^= unix.OPOST
	m.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	m.Cflag = m.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	m.Cc[unix.VMIN], m.Cc[unix.VTIME] = 1, 0
	return &m
}

// restore gives the caller's terminal back as it was.
func (t *terminal) restore() {
	if !t.raw {
		return
	}
	t.raw = false
	sys.BeyondStop(func() {
		if foreground() {
			unix.IoctlSetTermios(tty, unix.TCSETS, &t.before)
		}
	})
}

// shut says that nothing may be read of the caller's terminal now.
func (t *terminal) shut() bool { return !t.raw }

// hangUp takes the command's terminal away, as happens to the caller's: the kernel
// tells the command's session by SIGHUP.
func (t *terminal) hangUp() {
	if !t.gone {
		t.gone = true
		unix.Close(t.slave)
		unix.Close(t.master)
	}
}

func (t *terminal) close() error {
	t.restore()
	t.hangUp()
	for _, fd := range []int{t.in, t.out} {
		if fd > unix.Stderr {
			unix.Close(fd)
		}
	}
	return nil
}

// typed tells netjail's own process group of a key that ends, as the caller's
// terminal would have: the scripts and the pipeline that netjail stands in. It is
// for them only where the command's own group is in the foreground, not a job of
// a shell that the command is.
func (r *run) typed(keys []byte) {
	t := r.relay.terminal
	mode, err := unix.IoctlGetTermios(t.slave, unix.TCGETS)
	if err != nil || mode.Lflag&unix.ISIG == 0 {
		return
	}
	if group, err := unix.IoctlGetInt(t.master, unix.TIOCGPGRP); err != nil || group != r.command {
		return
	}
	for _, k := range keys {
		switch {
		case k == 0: // _POSIX_VDISABLE
		case k == mode.Cc[unix.VINTR]:
			sys.SignalGroup(unix.SIGINT)
		case k == mode.Cc[unix.VQUIT]:
			sys.SignalGroup(unix.SIGQUIT)
		}
	}
}

// stopBehind stops netjail, and what it shares a process group with, behind a
// command that was stopped on a terminal of its own. When netjail is continued, so
// is the command's group.
func (r *run) stopBehind(signal unix.Signal) {
	if !r.stopped() {
		return
	}
	r.passOn()
	for _, p := range r.relay.out {
		p.step() // what it wrote last belongs on the screen before the shell's prompt
	}
	r.relay.terminal.restore()
	stop := sys.StopGroup
	if signal == unix.SIGSTOP {
		stop = sys.StopSelf
	}
	if stop(r.mayStop) {
		r.resumed++
	}
	r.relay.terminal.tend()
	r.signalGroup(unix.SIGCONT)
}

// signalGroup signals the command's process group, as its terminal would.
func (r *run) signalGroup(s unix.Signal) {
	if unix.PidfdSendSignal(r.pidfd, 0, nil, 0) != nil {
		return // it has ended, and the number may be somebody else's
	}
	if unix.Kill(-r.command, s) != nil {
		unix.PidfdSendSignal(r.pidfd, s, nil, 0)
	}
}

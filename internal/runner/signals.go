package runner

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// forwarded are the signals that reach the command as they would have without
// netjail.
var forwarded = [...]os.Signal{
	unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGUSR1, unix.SIGUSR2,
	unix.SIGWINCH, unix.SIGCONT, unix.SIGTSTP,
}

// forwardSignals passes signals on to the command until stop is called.
func (r *run) forwardSignals() (stop func() error) {
	c := make(chan os.Signal, 16)
	for _, s := range forwarded {
		if !signal.Ignored(s) { // one that was ignored at the start stays so
			signal.Notify(c, s)
		}
	}
	go func() {
		for s := range c {
			if n := s.(unix.Signal); !typed(n) {
				unix.PidfdSendSignal(r.pidfd, n, nil, 0)
			}
		}
	}()
	return func() error {
		signal.Stop(c)
		close(c)
		return nil
	}
}

// typed says whether the terminal sent the signal: it sends these to its whole
// foreground process group, in which the command is as well, so passing them on
// would deliver them twice.
func typed(s unix.Signal) bool {
	switch s {
	case unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGWINCH, unix.SIGCONT:
		return inForeground()
	}
	return false
}

// inForeground says whether netjail's process group is the one that its
// terminal talks to.
func inForeground() bool {
	fd, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

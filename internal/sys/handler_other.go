//go:build !amd64

package sys

import (
	"encoding/binary"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// install uses os/signal, which does not tell si_code: signals of the terminal
// are told from its foreground process group instead.
func (w *Watch) install(signals []unix.Signal) error {
	c := make(chan os.Signal, 16)
	for _, s := range signals {
		if !signal.Ignored(s) {
			signal.Notify(c, s)
		}
	}
	go func() {
		for s := range c {
			n := s.(unix.Signal)
			code := uint32(0)
			if typed(n) && inForeground() {
				code = siKernel
			}
			b := binary.LittleEndian.AppendUint32(nil, uint32(n))
			unix.Write(w.write, binary.LittleEndian.AppendUint32(b, code))
		}
	}()
	w.undo = append(w.undo, func() error {
		signal.Stop(c)
		close(c)
		return nil
	})
	return nil
}

// typed says whether a terminal can send the signal.
func typed(s unix.Signal) bool {
	switch s {
	case unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGWINCH, unix.SIGHUP:
		return true
	}
	return false
}

// inForeground says whether the terminal talks to netjail's process group.
func inForeground() bool {
	fd, err := unix.Open("/dev/tty", unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

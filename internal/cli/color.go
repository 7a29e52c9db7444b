package cli

import (
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// colorMode is the value of --color.
type colorMode uint8

// The modes.
const (
	colorAuto colorMode = iota
	colorAlways
	colorNever
)

// String is the word of the mode.
func (m *colorMode) String() string { return [...]string{"auto", "always", "never"}[*m] }

// Set takes the word of a mode.
func (m *colorMode) Set(s string) error {
	for *m = colorAuto; *m <= colorNever; *m++ {
		if m.String() == s {
			return nil
		}
	}
	*m = colorAuto
	return errors.New("expected auto, always or never")
}

// colored says whether what is written to w gets colours. The flag decides, then
// NO_COLOR (no-color.org), then CLICOLOR_FORCE, then TERM, then whether a person
// is looking.
func (a *app) colored(w io.Writer) bool {
	switch {
	case a.color != colorAuto:
		return a.color == colorAlways
	case getenv(a.environ, "NO_COLOR") != "":
		return false
	}
	if force := getenv(a.environ, "CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	return getenv(a.environ, "TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	// Not f.Fd: that makes the file blocking, for everybody who shares it.
	raw, err := f.SyscallConn()
	if err != nil {
		return false
	}
	terminal := false
	err = raw.Control(func(fd uintptr) {
		_, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		terminal = err == nil
	})
	return err == nil && terminal
}

// getenv is the first value of a variable, as for getenv(3).
func getenv(environ []string, name string) string {
	for _, entry := range environ {
		if len(entry) > len(name) && entry[len(name)] == '=' && entry[:len(name)] == name {
			return entry[len(name)+1:]
		}
	}
	return ""
}

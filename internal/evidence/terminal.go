package evidence

import (
	"bytes"
	"errors"
	"strconv"

	"golang.org/x/sys/unix"
)

// Terminal identifies a terminal: its device number and the file system that its
// node lies in, since each instance of devpts begins to count at 0.
type Terminal struct{ Device, FileSystem uint64 }

// OpenTerminal is a descriptor of a terminal.
type OpenTerminal struct {
	Terminal
	// Access is O_RDONLY, O_WRONLY or O_RDWR.
	Access int
}

// ReadTerminal asks an open terminal; nil where it does not tell.
func ReadTerminal(fd int) *Terminal {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil {
		return nil
	}
	return &Terminal{st.Rdev, st.Dev}
}

// openTerminal reads how a descriptor is open on a terminal.
func (d *procDir) openTerminal(name string, st *unix.Statx_t) Fact[OpenTerminal] {
	source := d.path + "fdinfo/" + name
	text, err := d.read("fdinfo/" + name)
	if err != nil {
		return Unknown[OpenTerminal](source, whyNot(err))
	}
	access, err := parseAccess(text)
	if err != nil {
		return Unknown[OpenTerminal](source, err.Error())
	}
	return Known(OpenTerminal{Terminal{unix.Mkdev(st.Rdev_major, st.Rdev_minor), unix.Mkdev(st.Dev_major, st.Dev_minor)}, access}, source)
}

var errNoFlags = errors.New("it has no line of flags")

// parseAccess reads the access mode of fdinfo's line "flags:", which is octal.
func parseAccess(text []byte) (int, error) {
	access := -1
	err := eachLine(text, func(line []byte) error {
		value, ok := bytes.CutPrefix(line, []byte("flags:\t"))
		if !ok {
			return nil
		}
		n, err := strconv.ParseUint(string(value), 8, 32)
		if err != nil || access >= 0 {
			return errNoFlags
		}
		access = int(n) & unix.O_ACCMODE
		return nil
	})
	if err == nil && access < 0 {
		err = errNoFlags
	}
	return access, err
}

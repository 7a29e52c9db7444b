package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Read reads a profile's file. It never blocks: anything but a regular file is
// refused, and at most policy.MaxBytes and one byte are read.
func Read(path string) ([]byte, diag.List) {
	// O_NONBLOCK, so that the open itself returns where the path is a FIFO.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, refuse(diag.FileNotRegular, path, "this is "+kindOf(info.Mode())+", not a regular file", "")
	}
	return ReadFrom(path, f)
}

// ReadFrom reads a profile from a stream, such as standard input; name is what
// diagnostics call it.
func ReadFrom(name string, from io.Reader) ([]byte, diag.List) {
	src, err := io.ReadAll(io.LimitReader(from, policy.MaxBytes+1))
	switch {
	case err != nil:
		return nil, unreadable(name, err)
	case len(src) > policy.MaxBytes:
		return nil, refuse(diag.FileTooLarge, name, fmt.Sprintf("the file is larger than %d bytes", policy.MaxBytes), "")
	}
	return src, nil
}

func refuse(code diag.Code, file, message, help string) diag.List {
	return diag.List{{Code: code, File: file, Message: message, Help: help}}
}

func unreadable(path string, err error) diag.List {
	var cause *fs.PathError
	reason := err.Error()
	if errors.As(err, &cause) {
		reason = cause.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refuse(diag.FileNotFound, path, "no such file", "")
	case errors.Is(err, syscall.ENXIO): // a socket
		return refuse(diag.FileNotRegular, path, "this is a socket or a device, not a regular file", "")
	}
	return refuse(diag.FileUnreadable, path, "cannot read the file: "+reason, "")
}

func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeNamedPipe != 0:
		return "a FIFO"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "a special file"
}

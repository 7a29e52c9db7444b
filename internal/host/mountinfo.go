package host

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/tree"
)

// parseMountInfo reads /proc/PID/mountinfo. A line that says anything but what
// the kernel writes is an error: what lies where depends on each of them.
//
// Source: proc_pid_mountinfo(5), show_mountinfo in fs/proc_namespace.c.
func parseMountInfo(text string) ([]tree.MountPoint, error) {
	if text == "" {
		return nil, errors.New("it lists no mount, not even the root")
	}
	mounts := make([]tree.MountPoint, 0, strings.Count(text, "\n"))
	for line := 1; text != ""; line++ {
		row, rest, whole := strings.Cut(text, "\n")
		if !whole {
			return nil, fmt.Errorf("line %d is cut short", line)
		}
		m, err := parseMount(row)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		mounts, text = append(mounts, m), rest
	}
	return mounts, nil
}

var errMountLine = errors.New("this is no line of a mount table")

// parseMount reads a line: number, number of the mount below, device, root,
// point, options, any number of optional fields, a hyphen, type, source and the
// file system's own options.
func parseMount(row string) (m tree.MountPoint, err error) {
	var f [6]string
	for i := range f {
		var ok bool
		if f[i], row, ok = strings.Cut(row, " "); !ok || f[i] == "" {
			return m, errMountLine
		}
	}
	optional := true
	for optional {
		var field string
		if field, row, _ = strings.Cut(row, " "); field == "" {
			return m, errMountLine
		}
		optional = field != "-"
	}
	kind, rest, ok := strings.Cut(row, " ")
	if !ok || kind == "" || !strings.Contains(rest, " ") {
		return m, errMountLine
	}
	if m.ID, err = mountNumber(f[0]); err != nil {
		return m, err
	}
	if m.Parent, err = mountNumber(f[1]); err != nil {
		return m, err
	}
	return m, mountPlace(&m, f[2], f[3], f[4], f[5], kind)
}

// mountPlace fills in what a mount is, and where.
func mountPlace(m *tree.MountPoint, device, root, point, options, kind string) (err error) {
	major, minor, ok := strings.Cut(device, ":")
	if _, err = mountNumber(major); err == nil {
		_, err = mountNumber(minor)
	}
	if !ok || err != nil {
		return errMountLine
	}
	m.Device = device
	if m.Root, err = unescape(root); err != nil {
		return err
	}
	if m.Point, err = unescape(point); err != nil {
		return err
	}
	if m.Type, err = unescape(kind); err != nil {
		return err
	}
	if !cleanPath(m.Point) {
		return fmt.Errorf("%q is no path from the root directory", m.Point)
	}
	m.Options = mountFlags(options)
	return nil
}

// cleanPath says whether a path is as the kernel writes it: from the root, each
// part of it once.
func cleanPath(path string) bool {
	if path == "/" {
		return true
	}
	if !strings.HasPrefix(path, "/") {
		return false
	}
	for part := range strings.SplitSeq(path[1:], "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// mountFlags are the options that matter for the tree.
func mountFlags(options string) tree.Options {
	var o tree.Options
	for name := range strings.SplitSeq(options, ",") {
		switch name {
		case "ro":
			o |= tree.ReadOnly
		case "nosuid":
			o |= tree.Nosuid
		case "nodev":
			o |= tree.Nodev
		case "noexec":
			o |= tree.Noexec
		}
	}
	return o
}

func mountNumber(field string) (int, error) {
	n, err := strconv.ParseUint(field, 10, 31)
	if err != nil || len(field) > 1 && field[0] == '0' || strings.HasPrefix(field, "+") {
		return 0, errMountLine
	}
	return int(n), nil
}

// unescape reads what the kernel writes of a path: blanks, tabs, line breaks,
// backslashes and number signs are `\` and three octal digits.
func unescape(field string) (string, error) {
	i := strings.IndexByte(field, '\\')
	if i < 0 {
		return field, nil
	}
	out := make([]byte, 0, len(field))
	for ; i >= 0; i = strings.IndexByte(field, '\\') {
		if len(field) < i+4 {
			return "", fmt.Errorf("%q ends within an escape", field)
		}
		b, err := strconv.ParseUint(field[i+1:i+4], 8, 8)
		if err != nil || b == 0 {
			return "", fmt.Errorf("%q holds an escape that the kernel does not write", field)
		}
		out = append(append(out, field[:i]...), byte(b))
		field = field[i+4:]
	}
	return string(append(out, field...)), nil
}

package evidence

import (
	"bytes"
	"errors"
	"math"
)

// Mount is one line of /proc/PID/mountinfo.
type Mount struct {
	Device string // major:minor
	Point  string // escaped as the kernel writes it: \040 is a blank
	Type   string
	// Peers is true where mount events cross to or from another mount: the line
	// has an optional field shared, master or propagate_from.
	Peers bool
}

var errMountInfo = errors.New("this is no line of mountinfo")

// parseMountInfo reads /proc/PID/mountinfo. Source: proc_pid_mountinfo(5).
func parseMountInfo(text []byte) ([]Mount, error) {
	mounts := make([]Mount, 0, 64)
	err := eachLine(text, func(line []byte) error {
		m, err := parseMount(line)
		mounts = append(mounts, m)
		return err
	})
	if err == nil && len(mounts) == 0 {
		err = errors.New("it lists no mount, not even the root")
	}
	if err != nil {
		return nil, err
	}
	return mounts, nil
}

// parseMount reads one line: six fields, any number of optional ones, a hyphen,
// and three more.
func parseMount(line []byte) (Mount, error) {
	head, tail, ok := bytes.Cut(line, []byte(" - "))
	if !ok {
		return Mount{}, errMountInfo
	}
	before := bytes.Fields(head)
	kind, _, ok := bytes.Cut(tail, []byte{' '})
	if !ok || len(before) < 6 || len(kind) == 0 || !isDevice(before[2]) || before[4][0] != '/' {
		return Mount{}, errMountInfo
	}
	m := Mount{Device: string(before[2]), Point: string(before[4]), Type: string(kind)}
	for _, field := range before[6:] {
		name, _, _ := bytes.Cut(field, []byte{':'})
		switch string(name) {
		case "shared", "master", "propagate_from":
			m.Peers = true
		}
	}
	return m, nil
}

// isDevice says whether field is major:minor.
func isDevice(field []byte) bool {
	major, minor, ok := bytes.Cut(field, []byte{':'})
	return ok && isNumber(major) && isNumber(minor)
}

func isNumber(field []byte) bool {
	_, err := decimal(field, math.MaxUint32)
	return err == nil
}

package evidence

import (
	"bytes"
	"errors"
	"fmt"
)

// parseNetDev reads the names of the interfaces from the text of
// /proc/PID/net/dev: two lines of headings, then `name: counters`. Every network
// namespace has at least lo, so a text without an interface is an error.
func parseNetDev(text []byte) ([]string, error) {
	var names []string
	n := 0
	err := eachLine(text, func(line []byte) error {
		n++
		if n <= 2 {
			if bytes.Count(line, []byte{'|'}) != 2 {
				return fmt.Errorf("line %d is no heading: %q", n, line)
			}
			return nil
		}
		name, counters, named := bytes.Cut(line, []byte{':'})
		name = bytes.TrimLeft(name, " ")
		if !named || len(name) == 0 || len(counters) == 0 || bytes.ContainsAny(name, " \t/") {
			return fmt.Errorf("line %d names no interface: %q", n, line)
		}
		names = append(names, string(name))
		return nil
	})
	if err == nil && len(names) == 0 {
		err = errors.New("there is no interface")
	}
	if err != nil {
		return nil, err
	}
	return names, nil
}

// parseIfIndex reads an interface's index from the first line of
// /proc/PID/net/dev_snmp6/NAME.
func parseIfIndex(text []byte) (int, error) {
	line, _, whole := bytes.Cut(text, []byte{'\n'})
	var field [2][]byte
	if !whole || !fields(field[:], line) || string(field[0]) != "ifIndex" {
		return 0, fmt.Errorf("%q is no ifIndex", line)
	}
	const limit = 1<<31 - 1
	n, err := decimal(field[1], limit)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no ifIndex", line)
	}
	return int(n), nil
}

package evidence

import (
	"errors"
	"fmt"
)

// parseIDMap reads the text of uid_map or gid_map: lines of three numbers, first
// id inside, first id outside, count. Nothing written yet is no line at all. An
// outside id that the reader's user namespace does not know is 4294967295.
//
// Source: user_namespaces(7).
func parseIDMap(text []byte) ([]IDMapLine, error) {
	var lines []IDMapLine
	err := eachLine(text, func(line []byte) error {
		parsed, err := parseIDMapLine(line)
		if err != nil {
			return fmt.Errorf("line %q: %w", line, err)
		}
		lines = append(lines, parsed)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lines, nil
}

func parseIDMapLine(line []byte) (IDMapLine, error) {
	var field [3][]byte
	if !fields(field[:], line) {
		return IDMapLine{}, errors.New("not three numbers")
	}
	var number [3]uint32
	for i := range number {
		n, err := decimal32(field[i])
		if err != nil {
			return IDMapLine{}, err
		}
		number[i] = n
	}
	if number[2] == 0 {
		return IDMapLine{}, errors.New("a range of no ids")
	}
	return IDMapLine{Inside: number[0], Outside: number[1], Size: number[2]}, nil
}

// parseSetgroups reads the text of /proc/PID/setgroups.
func parseSetgroups(text []byte) (string, error) {
	switch string(text) {
	case "allow\n":
		return "allow", nil
	case "deny\n":
		return "deny", nil
	}
	return "", fmt.Errorf("%q is neither allow nor deny", text)
}

package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/netjail/netjail/internal/plan"
)

// Serial is the number of a key, which is above 0: keyrings(7).
type Serial int32

// String is the number as keyctl(1) prints it; /proc/keys has it in hexadecimal.
func (s Serial) String() string { return strconv.FormatInt(int64(s), 10) }

// Key is a line of /proc/keys: proc_keys(5).
type Key struct {
	Type        string // "keyring"
	Description string // with what the type adds, "_ses: empty"
}

var (
	errKeys  = errors.New("not a line of proc_keys(5)")
	errNoKey = errors.New("it does not show that key")
)

func resultSerial(r *plan.Reading) (Serial, error) {
	if r.Result < 1 || r.Result > math.MaxInt32 {
		return 0, outOfRange(r)
	}
	return Serial(r.Result), nil
}

// findKey looks for a key in /proc/keys. Each line holds serial number, flags,
// count of uses, time that is left, permissions, user, group, type and
// description.
func findKey(text []byte, serial Serial) (Key, error) {
	var found *Key
	err := eachLine(text, func(line []byte) error {
		const before = 8 // fields before the description
		fields := bytes.Fields(line)
		if len(fields) < before {
			return fmt.Errorf("%q: %w", line, errKeys)
		}
		n, err := hex(fields[0])
		if err != nil || len(fields[0]) != before {
			return fmt.Errorf("%q: %w", line, errKeys)
		}
		if n == uint64(uint32(serial)) {
			found = &Key{Type: string(fields[before-1]), Description: string(bytes.Join(fields[before:], []byte(" ")))}
		}
		return nil
	})
	switch {
	case err != nil:
		return Key{}, err
	case found == nil:
		return Key{}, errNoKey
	}
	return *found, nil
}

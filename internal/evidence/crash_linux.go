package evidence

import (
	"bytes"
	"math"

	"golang.org/x/sys/unix"
)

// ReadCrash reads what the host makes of a process that crashes.
func ReadCrash() Crash {
	const pattern = "/proc/sys/kernel/core_pattern"
	text, err := readFile(pattern)
	c := Crash{
		CorePattern:    factOf(string(bytes.TrimSuffix(text, []byte{'\n'})), err, pattern),
		ExceptionTrace: readSetting("/proc/sys/debug/exception-trace"),
		FatalSignals:   readSetting("/proc/sys/kernel/print-fatal-signals"),
	}
	if err != nil {
		c.CorePattern = Unknown[string](pattern, whyNot(err))
	}
	return c
}

// readSetting reads a number of /proc/sys. A kernel that was built without it does
// nothing by it; whether /proc/sys is there at all, the directory tells.
func readSetting(path string) Fact[int] {
	text, err := readFile(path)
	switch {
	case err == unix.ENOENT && unix.Access("/proc/sys/kernel", unix.F_OK) == nil:
		return Known(0, path+": ENOENT")
	case err != nil:
		return Unknown[int](path, whyNot(err))
	}
	n, err := decimal(bytes.TrimSpace(text), math.MaxInt32)
	return factOf(int(n), err, path)
}

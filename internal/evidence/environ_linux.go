package evidence

import (
	"errors"
	"strings"
)

var errEnviron = errors.New("not strings that each end in a NUL")

// environ reads the variables that the process's program was started with.
func (d *procDir) environ() Fact[[]string] {
	source := d.path + "environ"
	text, err := d.read("environ")
	if err != nil {
		return Unknown[[]string](source, whyNot(err))
	}
	list, err := parseEnviron(text)
	return factOf(list, err, source)
}

// ReadEnviron is ReadProcess for Process.Environ alone.
func ReadEnviron(pid int) Fact[[]string] { return ReadProcess(pid, Options{Environ: true}).Environ }

// parseEnviron cuts /proc/PID/environ: proc_pid_environ(5).
func parseEnviron(text []byte) ([]string, error) {
	if len(text) == 0 {
		return nil, nil
	}
	all, ended := strings.CutSuffix(string(text), "\x00")
	if !ended {
		return nil, errEnviron
	}
	return strings.Split(all, "\x00"), nil
}

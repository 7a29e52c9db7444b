package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/plan"
)

// Limits are the resource limits of a process, by the number of the resource.
type Limits [plan.LimitCount]plan.Limit

// unlimited is RLIM_INFINITY.
const unlimited = ^uint64(0)

// limitNames are the lines of /proc/PID/limits, in the order of the numbers.
// Source: proc_pid_limits(5), fs/proc/base.c.
var limitNames = [plan.LimitCount]string{
	"Max cpu time", "Max file size", "Max data size", "Max stack size", "Max core file size", "Max resident set", "Max processes", "Max open files",
	"Max locked memory", "Max address space", "Max file locks", "Max pending signals", "Max msgqueue size", "Max nice priority", "Max realtime priority", "Max realtime timeout",
}

var errLimits = errors.New("not the lines of proc_pid_limits(5)")

// parseLimits reads /proc/PID/limits: a headline, and a line for each resource
// with its name, the soft limit, the hard limit and, for most, the unit.
func parseLimits(text []byte) (Limits, error) {
	var all Limits
	n := -1 // the headline
	err := eachLine(text, func(line []byte) error {
		if n++; n == 0 {
			return nil
		}
		if n > len(all) {
			return errLimits
		}
		rest, found := bytes.CutPrefix(line, []byte(limitNames[n-1]+" "))
		fields := bytes.Fields(rest)
		if !found || len(fields) < 2 || len(fields) > 3 {
			return fmt.Errorf("%q: %w", line, errLimits)
		}
		var err error
		if all[n-1].Soft, err = parseLimit(fields[0]); err == nil {
			all[n-1].Hard, err = parseLimit(fields[1])
		}
		return err
	})
	if err == nil && n != len(all) {
		err = errLimits
	}
	return all, err
}

func parseLimit(text []byte) (uint64, error) {
	if string(text) == "unlimited" {
		return unlimited, nil
	}
	return decimal(text, unlimited-1)
}

// limits reads those that the plan sets.
func (t *table) limits(in *Inside) {
	for i := range t.readings {
		number, ok := strings.CutPrefix(string(t.readings[i].Fact), string(plan.FactLimitPrefix))
		if !ok {
			continue
		}
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(in.Limits) {
			in.Limits[n] = fromReading(t, t.readings[i].Fact, "prlimit64(2)", bufferLimit)
		}
	}
}

// bufferLimit reads a struct rlimit64.
func bufferLimit(r *plan.Reading) (plan.Limit, error) {
	if _, err := written(r, 4); err != nil {
		return plan.Limit{}, err
	}
	return plan.Limit{Soft: binary.NativeEndian.Uint64(r.Data), Hard: binary.NativeEndian.Uint64(r.Data[8:])}, nil
}

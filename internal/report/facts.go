package report

import (
	"strconv"
	"strings"
)

// fact is a named value.
type fact struct{ name, value string }

// facts are what a report says beside its findings; a fact without a value is
// left out.
func (r *Report) facts() []fact {
	all := []fact{
		{"outcome", r.Outcome.String()},
		{"profile", r.Profile.Name},
		{"source", r.Profile.Source},
		{"digest", r.Profile.Digest},
		{"command", strings.Join(r.Command, " ")},
		{"mode", modeWord(r.Mode)},
		{"full", strconv.FormatBool(r.Full)},
		{"uid", strconv.FormatUint(uint64(r.User.UID), 10)},
		{"gid", strconv.FormatUint(uint64(r.User.GID), 10)},
		{"time", stamp(r.Time)},
		{"kernel", r.Kernel},
		{"lsms", strings.Join(r.LSMs, " ")},
		{"netjail", r.Netjail},
		{"launcher", r.Launcher},
	}
	for i := range r.Degraded {
		all = append(all, fact{"degraded", r.Degraded[i].String()})
	}
	kept := all[:0]
	for _, f := range all {
		if f.value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

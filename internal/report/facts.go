package report

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/audit"
)

// unusedWaivers are the checks that the profile waives and that did not fail.
func (r *Report) unusedWaivers() []string { return audit.UnusedWaivers(r.Findings, r.Waived) }

// fact is one of the facts of the process that was judged.
func (r *Report) fact(name string) string {
	for _, f := range r.Process {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// facts are what a report says beside its findings; a fact without a value is
// left out.
func (r *Report) facts() []Fact {
	all := []Fact{
		{"outcome", r.Outcome.String()},
		{"profile", r.Profile.Name},
		{"source", r.Profile.Source},
		{"digest", r.Profile.Digest},
		{"command", strings.Join(r.Command, " ")},
		{"mode", strings.TrimPrefix(r.mode(), noMode)},
		{"full", strconv.FormatBool(r.Full)},
		{"uid", strconv.FormatUint(uint64(r.User.UID), 10)},
		{"gid", strconv.FormatUint(uint64(r.User.GID), 10)},
		{"time", stamp(r.Time)},
		{"kernel", r.Kernel},
		{"lsms", strings.Join(r.LSMs, " ")},
		{"netjail", r.Netjail},
		{"launcher", r.Launcher},
		{"waivers of nothing", strings.Join(r.unusedWaivers(), " ")},
	}
	all = append(all, r.AtExit.facts()...)
	for _, f := range r.Process {
		all = append(all, Fact{"process " + f.Name, f.Value})
	}
	for i := range r.Degraded {
		all = append(all, Fact{"degraded", r.Degraded[i].String()})
	}
	kept := all[:0]
	for _, f := range all {
		if f.Value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

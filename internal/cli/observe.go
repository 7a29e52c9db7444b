package cli

import (
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/report"
)

// observe reports on a running process.
func (o *auditOptions) observe(c *call) status {
	pid, err := strconv.ParseInt(o.pid, 10, 32)
	if err != nil || pid <= 0 || strconv.FormatInt(pid, 10) != o.pid {
		return c.misuse(exitUsage, &usageError{"audit: " + diag.Quote(o.pid) + " is not the number of a process", "write a decimal number from 1 on, as ps(1) shows it"})
	}
	if c.tail != nil {
		return c.misuse(exitUsage, &usageError{"audit: --pid takes no command", "the process runs already"})
	}
	p := &profile{Resolved: &policy.Resolved{}}
	if len(c.args) > 0 {
		if p, err = c.loadProfile(c.args[0]); err != nil {
			return c.unable(err)
		}
	}
	t, err := evidence.ReadTarget(int(pid), c.readers.Capget)
	if err != nil {
		return c.unable(unreadable(o.pid, err))
	}
	t.Company = evidence.ReadCompany(t)
	j := &jail{profile: p, version: c.readers.Version, findings: audit.Observe(p.Policy, t), used: "running process"}
	return o.write(c, j.observed(t))
}

// unreadable says why there is no report on a process.
func unreadable(pid string, err error) error {
	f := &fault{message: "read process " + pid + ": " + err.Error()}
	var changed *evidence.ChangedError
	switch {
	case errors.Is(err, evidence.ErrNoTarget):
		f.help = "`ps -e` lists the processes; the number is that of netjail's own PID namespace"
	case errors.Is(err, evidence.ErrThread):
		f.help = "name the process that it belongs to: `ps -eLf` shows both numbers; every thread is read with it"
	case errors.Is(err, evidence.ErrHidden):
		f.help = "/proc may be mounted with hidepid, or be that of another PID namespace: run netjail as root"
	case errors.Is(err, evidence.ErrGone):
		f.help = "nothing of what was read is reported, since it may be half of it"
	case errors.As(err, &changed):
		f.help = "nothing of what was read is reported, since it may be true of neither: try again"
	}
	return f
}

// observed is the report on a running process.
func (j *jail) observed(t *evidence.Target) *report.Report {
	r := &report.Report{
		Netjail: j.version(), Kernel: kernelRelease(), LSMs: securityModules(), Time: time.Now().UTC(),
		User: report.User{UID: uint32(os.Getuid()), GID: uint32(os.Getgid())},
		Full: false, Launcher: j.used, Outcome: report.Audited, Findings: j.findings, Process: processFacts(t), Program: t.Exe.Value,
	}
	if p := j.profile; p.Policy != nil {
		r.Profile = report.Profile{Name: p.name, Source: p.source, Digest: p.Digest, Origins: p.Origins}
		r.Mode = p.Policy.Audit.Mode
		for _, w := range p.Policy.Audit.Waivers {
			r.Waived = append(r.Waived, w.Check)
		}
	}
	return r
}

// processFacts are what is told of the first thread, beside the findings.
func processFacts(t *evidence.Target) []report.Fact {
	facts := []report.Fact{
		{Name: "pid", Value: strconv.Itoa(t.PID)},
		{Name: "name", Value: t.Name},
		{Name: "program", Value: known(t.Exe, func(s string) string { return s })},
		{Name: "start", Value: strconv.FormatUint(t.Start, 10) + " ticks after the host's"},
		{Name: "threads", Value: strconv.Itoa(t.Threads) + ", of " + strconv.Itoa(len(t.Kinds)) + " kinds"},
	}
	if len(t.Kinds) == 0 {
		return facts
	}
	p := &t.Kinds[0].Process
	facts = append(facts,
		report.Fact{Name: "uids", Value: known(p.UIDs, idsText)},
		report.Fact{Name: "gids", Value: known(p.GIDs, idsText)},
	)
	for _, k := range ns.All() {
		facts = append(facts, report.Fact{Name: k.Link(), Value: known(p.Namespaces[k], func(id evidence.NamespaceID) string {
			return k.Link() + ":[" + strconv.FormatUint(uint64(id), 10) + "]"
		})})
	}
	return facts
}

// known is a fact's value as text, or why it is not known.
func known[T any](f evidence.Fact[T], text func(T) string) string {
	if !f.Known {
		return "not known: " + f.Why
	}
	return text(f.Value)
}

func idsText(id evidence.IDs) string {
	text := func(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
	return text(id.Real) + " " + text(id.Effective) + " " + text(id.Saved) + " (real, effective, saved)"
}

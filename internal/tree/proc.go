package tree

import (
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

const procKey = "namespaces.pid"

// procPath is a file of /proc that the command does not get as it is.
type procPath struct {
	path   string
	masked bool // it reads as empty; otherwise it is read-only
	reason string
}

// procPaths are the masked and the read-only paths that container runtimes agree
// on, as far as they are in /proc: none of them belongs to a namespace.
//
// Source: the default of the OCI runtimes, in oci/defaults.go of moby/moby.
var procPaths = [...]procPath{
	{"/proc/acpi", true, "the machine's power states"},
	{"/proc/asound", true, "the host's sound devices"},
	{"/proc/bus", false, "the host's devices"},
	{"/proc/fs", false, "settings of the host's file systems"},
	{"/proc/interrupts", true, "what the host is doing, to the keystroke"},
	{"/proc/irq", false, "which processor serves which device"},
	{"/proc/kcore", true, "the kernel's memory"},
	{"/proc/keys", true, "the names of keys that processes of the host hold"},
	{"/proc/latency_stats", true, "what the host's processes wait for"},
	{"/proc/sched_debug", true, "the host's processes, by name"},
	{"/proc/scsi", true, "the host's devices"},
	{"/proc/sys", false, "the kernel's settings"},
	{"/proc/sysrq-trigger", false, "commands to the kernel"},
	{"/proc/timer_list", true, "the host's processes, by what they wait for"},
	{"/proc/timer_stats", true, "the host's processes, by what they wait for"},
}

// showProc gives the command a /proc: a fresh one with a pid namespace of its
// own, and the caller's in a new root without one.
func (l *layer) showProc() {
	host := l.policy.Namespaces[ns.PID] == policy.NamespaceHost
	if host && l.layout.InPlace {
		return
	}
	n, ok := l.finder.host.Lstat("/proc")
	if !ok || !n.is(typeDir) {
		l.refuse(procKey, "the host has no directory /proc, so that nothing tells what a fresh one holds", "mount /proc on the host")
		return
	}
	c := claim{Entry: Entry{
		Kind: Proc, Target: "/proc", Options: Nosuid | Nodev | Noexec, Key: procKey, Why: "it shows the jail's processes and no others",
	}, found: n}
	if l.policy.Namespaces[ns.PID] == policy.NamespaceJoin {
		c.Why = "it shows the processes of the pid namespace that is joined"
	}
	if host {
		c.Kind, c.Source, c.Node, c.Recursive = Bind, "/proc", n, l.mounted("/proc")
		c.Why = "the caller's, which shows the host's processes, as there is no new pid namespace"
	}
	l.give(c)
	for i := range procPaths {
		l.restrict(&c, &procPaths[i])
	}
}

// restrict masks a path of /proc or makes it read-only. What this kernel does
// not have is no entry, as a fresh /proc does not have it either.
func (l *layer) restrict(proc *claim, p *procPath) {
	n, ok := l.finder.host.Lstat(p.path)
	if !ok {
		return
	}
	if p.masked {
		c := emptied(proc.Key, p.path, p.reason, n.is(typeDir))
		c.found = n
		l.give(c)
		return
	}
	c := claim{Entry: Entry{
		Kind: Bind, Target: p.path, Self: true, Options: ReadOnly | Nosuid | Nodev | Noexec,
		Key: proc.Key, Why: p.reason + ", read-only",
	}, found: n}
	if proc.Kind == Bind {
		c.Source, c.Node, c.Recursive = p.path, n, l.mounted(p.path)
	}
	l.give(c)
}

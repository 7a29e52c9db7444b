package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// waivableChecks are the checks that a profile may waive: all but those of
// netjail's own work. A test of package audit holds them to its rules, which this
// package does not know.
var waivableChecks = []Word{
	{"caps.ambient", ""},
	{"caps.bounding", ""},
	{"caps.effective", ""},
	{"caps.inheritable", ""},
	{"caps.parent", ""},
	{"caps.permitted", ""},
	{"caps.securebits", ""},
	{"escape.connect", ""},
	{"escape.fifo", ""},
	{"escape.nsfs-handle", ""},
	{"escape.pidfd", ""},
	{"escape.setns-fd", ""},
	{"escape.setns-proc", ""},
	{"escape.siocgskns", ""},
	{"escape.unix", ""},
	{"fd.cwd", ""},
	{"fd.directory", ""},
	{"fd.helper", ""},
	{"fd.io-uring", ""},
	{"fd.kinds", ""},
	{"fd.open", ""},
	{"fd.pidfd", ""},
	{"fd.shared-memory", ""},
	{"fd.socket", ""},
	{"fd.socket-namespace", ""},
	{"fd.terminal", ""},
	{"fd.tun", ""},
	{"fs.cgroup", ""},
	{"fs.devices", ""},
	{"fs.fifo", ""},
	{"fs.hidden", ""},
	{"fs.home", ""},
	{"fs.host-executes", ""},
	{"fs.owner", ""},
	{"fs.private", ""},
	{"fs.proc", ""},
	{"fs.propagation", ""},
	{"fs.protected", ""},
	{"fs.remote", ""},
	{"fs.root", ""},
	{"fs.setid-planting", ""},
	{"fs.sysfs", ""},
	{"fs.writable", ""},
	{"host.coredump", ""},
	{"host.dmesg", ""},
	{"ids.current", ""},
	{"ids.gid-map", ""},
	{"ids.groups", ""},
	{"ids.host-root", ""},
	{"ids.setgroups", ""},
	{"ids.subordinate-of-another", ""},
	{"ids.uid-map", ""},
	{"ipc.mqueue", ""},
	{"ipc.posix-shm", ""},
	{"ipc.sysv", ""},
	{"keys.request", ""},
	{"keys.session", ""},
	{"net.addresses", ""},
	{"net.interfaces", ""},
	{"net.loopback", ""},
	{"net.loopback-services", ""},
	{"net.proc", ""},
	{"net.routes", ""},
	{"ns.cgroup", ""},
	{"ns.ipc", ""},
	{"ns.mount", ""},
	{"ns.nested", ""},
	{"ns.network", ""},
	{"ns.owner", ""},
	{"ns.pid", ""},
	{"ns.time", ""},
	{"ns.user", ""},
	{"ns.uts", ""},
	{"proc.enter", ""},
	{"proc.environment", ""},
	{"proc.group", ""},
	{"proc.hostname", ""},
	{"proc.kill", ""},
	{"proc.links", ""},
	{"proc.no-new-privs", ""},
	{"proc.parent-death", ""},
	{"proc.peer-pidfd", ""},
	{"proc.pidfd-getfd", ""},
	{"proc.prlimit", ""},
	{"proc.ptrace", ""},
	{"proc.rlimits", ""},
	{"proc.setuid", ""},
	{"proc.signal", ""},
	{"proc.threads", ""},
	{"proc.timeout", ""},
	{"proc.umask", ""},
	{"proc.view", ""},
	{"seccomp.filter", ""},
	{"seccomp.i386", ""},
	{"sockets.families", ""},
	{"sockets.unix", ""},
	{"tty.background", ""},
	{"tty.inject", ""},
	{"tty.session", ""},
	{"unix.abstract", ""},
	{"unix.allowed", ""},
	{"unix.reachable", ""},
}

// WaivableChecks lists the ids of the checks that a profile may waive, sorted.
func WaivableChecks() []string { return texts(waivableChecks) }

// Waiver is the reason why a check may fail, if the profile gives one.
func (a *Audit) Waiver(check string) (reason string, ok bool) {
	for i := range a.Waivers {
		if a.Waivers[i].Check == check {
			return a.Waivers[i].Reason, true
		}
	}
	return "", false
}

func checkCheck(s string) *diag.Diagnostic {
	names := WaivableChecks()
	if slices.Contains(names, s) {
		return nil
	}
	switch s {
	case "evidence.disagree", "host.mounts", "host.unchanged", "ids.fsuid", "proc.reaper", "proc.signals", "profile.additions":
		return wrong(diag.UnknownCheck, diag.Quote(s)+" cannot be waived: it judges netjail's own work", "remove the waiver")
	}
	d := wrong(diag.UnknownCheck, "unknown check "+diag.Quote(s), "`netjail explain` lists the checks")
	if near, ok := diag.Nearest(s, names); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	}
	return d
}

func checkReason(s string) *diag.Diagnostic {
	if strings.TrimSpace(s) == "" {
		return wrong(diag.EmptyValue, "the reason says nothing", "write why the check may fail")
	}
	return checkText(s)
}

// checkWaivers: a check is waived once, for one reason.
func checkWaivers(r *reader) {
	p := r.doc.find("audit.waivers")
	if p == nil {
		return
	}
	first := map[string]*Node{}
	for i, item := range p.Value.Items {
		n := item.Field("check")
		if other := first[n.Text]; other != nil {
			r.report(diag.DuplicateValue, "audit.waivers["+strconv.Itoa(i)+"].check", n.Span, diag.Quote(n.Text)+" is waived twice", "keep one of the two").
				Notes = []diag.Note{r.see(other, "it stands here as well")}
			continue
		}
		first[n.Text] = n
	}
}

// readWaivers is for a list whose order means nothing.
func readWaivers(n *Node) []Waiver {
	var out []Waiver
	for _, item := range n.Items {
		out = append(out, Waiver{item.Field("check").Text, item.Field("reason").Text})
	}
	slices.SortFunc(out, func(a, b Waiver) int { return cmp.Compare(a.Check, b.Check) })
	return out
}

func writeWaiver(w Waiver) value {
	return mapping(field{"check", text(w.Check)}, field{"reason", text(w.Reason)})
}

// waivedBy says whether a list waives the same check, for whatever reason.
func waivedBy(w Waiver, list []Waiver) bool {
	return slices.ContainsFunc(list, func(other Waiver) bool { return other.Check == w.Check })
}

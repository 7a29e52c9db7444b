package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// lookThreads says whether every thread was read: what is said of the process is
// then true of all of it.
func lookThreads(v *view) Finding {
	t := v.target
	f := fromOutside("/proc/PID/task and kcmp(2)")
	f.Found = count(t.Threads, "thread") + ", all alike"
	if n := len(t.Kinds); n > 1 {
		f.Found = count(t.Threads, "thread") + " of " + number(n) + " kinds: "
		var others []string
		for i := 1; i < n; i++ {
			others = append(others, threadText(&t.Kinds[i])+" differs in "+list(differences(&t.Kinds[0], &t.Kinds[i])))
		}
		f.Found += several(others)
	}
	if t.Unread != "" {
		return f.unknown(t.Unread)
	}
	return f.closed("")
}

// differences names what belongs to a thread and is not the same.
func differences(a, b *evidence.Kind) []string {
	var list []string
	for _, d := range [...]struct {
		name string
		is   bool
	}{
		{"capabilities", a.Caps.Value != b.Caps.Value},
		{"no_new_privs", a.NoNewPrivs.Value != b.NoNewPrivs.Value},
		{"seccomp mode", a.Seccomp.Value != b.Seccomp.Value},
		{"uids", a.UIDs.Value != b.UIDs.Value},
		{"gids", a.GIDs.Value != b.GIDs.Value},
		{"groups", !slices.Equal(a.Groups.Value, b.Groups.Value)},
		{"descriptors", !slices.Equal(a.FDs.Value, b.FDs.Value)},
		{"root", a.Root.Value != b.Root.Value},
		{"working directory", a.Cwd.Value != b.Cwd.Value},
	} {
		if d.is {
			list = append(list, d.name)
		}
	}
	for _, k := range ns.All() {
		if a.Namespaces[k].Value != b.Namespaces[k].Value {
			list = append(list, k.String()+" namespace")
		}
	}
	return list
}

// lookView says whether a /proc of the host's processes is in the tree.
func lookView(v *view) Finding {
	f, same, ok := v.shares(ns.PID)
	if !ok {
		return f
	}
	if same {
		return f.open("it sees every process that netjail sees")
	}
	mounts, device := v.kind.Mounts, v.target.Own.ProcDevice
	f.Source += ", " + mounts.Source
	if why := cmp.Or(missing(mounts), missing(device)); why != "" {
		return f.unknown(why)
	}
	for _, m := range v.seenMounts() {
		if m.Type == "proc" && m.Device == device.Value {
			f.Found = "netjail's own /proc at " + m.Point
			return f.open("it shows every process that netjail sees")
		}
	}
	return f.closed("")
}

// lookTrace says whether it can trace a process of the host, or read what such a
// one has open.
func lookTrace(v *view) Finding {
	f, same, ok := v.shares(ns.User)
	if !ok {
		return f
	}
	if !same {
		return f.closed("that takes CAP_SYS_PTRACE in netjail's user namespace")
	}
	view := lookView(v)
	switch yama := v.target.Yama; {
	case view.Verdict == Unknown:
		return view
	case view.Verdict == Closed:
		return view.closed("it sees no process of the host's")
	case missing(yama) != "":
		return f.unknown(missing(yama))
	case yama.Value > 0:
		return f.unobservable("cannot be known from outside: Yama restricts tracing, mode " + number(yama.Value))
	case v.filtered():
		return f.unobservable(noContent)
	}
	return f.open("processes of its own uid, with all that they have open")
}

// lookEnviron says whether it was given names of secrets or of the host's sockets.
func lookEnviron(v *view) Finding {
	names, f := v.tellingNames()
	if f.Verdict == Unknown && f.Note != "" {
		return f
	}
	f.Found = list(names)
	if len(names) > 0 {
		return f.open("names of secrets, or of sockets and descriptors of the host")
	}
	return f.closed("")
}

// tellingNames are the variables whose names say that their values matter.
func (v *view) tellingNames() ([]string, Finding) {
	env := v.target.Environ
	f := fromOutside(env.Source)
	if why := missing(env); why != "" {
		return nil, f.unknown(why)
	}
	var names []string
	for _, name := range env.Value {
		if policy.Secret(name) || policy.Handed(name) || slices.Contains(socketVariables[:], name) {
			names = append(names, name)
		}
	}
	return names, f
}

// socketVariables name sockets of the host.
var socketVariables = [...]string{
	"SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
	"DOCKER_HOST", "CONTAINER_HOST", "TMUX", "STY", "VSCODE_IPC_HOOK_CLI", "GPG_AGENT_INFO", "PULSE_SERVER",
}

func judgeEnviron(v *view) Finding {
	names, f := v.tellingNames()
	if f.Verdict == Unknown && f.Note != "" {
		return f
	}
	var declared, others []string
	for _, name := range names {
		given := v.policy.Process.Environment.Resolve([]string{name + "=x"})
		if slices.ContainsFunc(given, func(e string) bool { return strings.HasPrefix(e, name+"=") }) {
			declared = append(declared, name)
		} else {
			others = append(others, name)
		}
	}
	f.Expected, f.Found = "what process.environment names", list(names)
	switch {
	case len(others) > 0:
		f.Found = list(others)
		return f.fail("names of secrets, or of sockets and descriptors of the host, that no key passes")
	case len(declared) > 0:
		return f.declared("process.environment passes them")
	}
	return f.pass()
}

// lookCore says whether the host gives a crash to a program of its own.
func lookCore(v *view) Finding {
	f, helper := coreHelper(&v.target.Crash)
	switch {
	case f.Verdict == Unknown && f.Note != "":
		return f
	case helper:
		return f.open("a program of the host gets its memory when it crashes")
	}
	return f.closed("")
}

// judgeDisagreeOutside compares what was read of one fact in two ways.
func judgeDisagreeOutside(v *view) Finding {
	p := &v.kind.Process
	f := fromOutside(p.Caps.Source + ", " + p.Capget.Source)
	f.Expected = "no contradiction"
	var t tally
	compare(&t, "capget", p.Caps, p.Capget, sameCapget, caps.Sets.String)
	switch {
	case len(t.contradictions) > 0:
		f.Found = "status " + p.Caps.Value.String() + ", capget " + p.Capget.Value.String()
		return f.fail("two readings of one fact contradict each other, or it changed meanwhile")
	case t.compared == 0:
		return f.unknown(cmp.Or(missing(p.Caps), missing(p.Capget)))
	}
	f.Found = "the capabilities, told twice, agree"
	return f.pass()
}

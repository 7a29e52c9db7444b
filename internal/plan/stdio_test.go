package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

const (
	accessRead      = 0
	accessWrite     = 1
	accessReadWrite = 2
)

// socket is a connected stream socket, of AF_UNIX.
func socket(inode uint64) plan.Stream {
	return plan.Stream{Kind: plan.StreamSocket, Device: 8, Inode: inode, Family: 1, Type: 1, Connected: true}
}

// terminal is the caller's terminal.
func terminal(access int) plan.Stream {
	return plan.Stream{Kind: plan.StreamTerminal, Number: 136<<8 | 3, Controlling: true, Access: access}
}

func allOf(s plan.Stream) [plan.StreamCount]plan.Stream { return [...]plan.Stream{s, s, s} }

// stdioOps are the names of a plan's ops about the streams and the terminal.
func stdioOps(l *plan.Plan) []string {
	var names []string
	for i := range l.Ops {
		if name := l.Ops[i].Name; strings.HasPrefix(name, "stdio.") || strings.HasPrefix(name, "terminal.") || name == plan.ForkOp {
			names = append(names, name)
		}
	}
	return names
}

// TestStreams: what becomes of each combination of streams and words.
func TestStreams(t *testing.T) {
	file := plan.Stream{}
	stranger := terminal(accessReadWrite)
	stranger.Controlling = false
	other := terminal(accessReadWrite)
	other.Number++
	for _, c := range []struct {
		name    string
		streams [plan.StreamCount]plan.Stream
		change  func(*policy.Policy)
		want    [plan.StreamCount]plan.Treatment
		ops     string
	}{
		{"files", allOf(file), nil, [3]plan.Treatment{}, ""},
		{
			"one socket", allOf(socket(1)), nil,
			[3]plan.Treatment{plan.TreatPipe, plan.TreatPipe, plan.TreatPipe},
			"stdio.pipe.0 stdio.pipe.1 stdio.pipe.2 stdio.replace.0 stdio.close.0 stdio.replace.1 stdio.close.1 stdio.replace.2 stdio.close.2",
		},
		{"a socket at 1", [3]plan.Stream{file, socket(1), file}, nil, [3]plan.Treatment{1: plan.TreatPipe}, "stdio.pipe.1 stdio.replace.1 stdio.close.1"},
		{"sockets passed", allOf(socket(1)), func(p *policy.Policy) { p.Process.StdioSockets = policy.StdioPass }, [3]plan.Treatment{}, ""},
		{"a socket that is not inherited", [3]plan.Stream{socket(1), file, file}, func(p *policy.Policy) { p.Process.InheritFDs = []int{1, 2} }, [3]plan.Treatment{}, ""},
		{
			"the terminal", allOf(terminal(accessReadWrite)), nil,
			[3]plan.Treatment{plan.TreatRelay, plan.TreatRelay, plan.TreatRelay},
			"stdio.terminal stdio.replace.0 stdio.close.0 stdio.replace.1 stdio.close.1 stdio.replace.2 stdio.close.2 terminal.session terminal.control terminal.group terminal.foreground",
		},
		{"the terminal, host", allOf(terminal(accessReadWrite)), func(p *policy.Policy) { p.Process.Terminal = policy.TerminalHost }, [3]plan.Treatment{}, ""},
		{
			"a pipeline's first",
			[3]plan.Stream{terminal(accessReadWrite), file, terminal(accessReadWrite)},
			nil,
			[3]plan.Treatment{plan.TreatReopen, plan.TreatKeep, plan.TreatReopen},
			"stdio.reopen.0 stdio.reopen.2 stdio.replace.0 stdio.close.0 stdio.replace.2 stdio.close.2",
		},
		{"in one direction already", [3]plan.Stream{terminal(accessRead), file, terminal(accessWrite)}, nil, [3]plan.Treatment{}, ""},
		{
			"another session's", allOf(stranger), nil,
			[3]plan.Treatment{plan.TreatReopen, plan.TreatReopen, plan.TreatReopen},
			"stdio.reopen.0 stdio.reopen.1 stdio.reopen.2 stdio.replace.0 stdio.close.0 stdio.replace.1 stdio.close.1 stdio.replace.2 stdio.close.2",
		},
		{
			"two terminals",
			[3]plan.Stream{terminal(accessReadWrite), other, other},
			nil,
			[3]plan.Treatment{plan.TreatReopen, plan.TreatReopen, plan.TreatReopen},
			"stdio.reopen.0 stdio.reopen.1 stdio.reopen.2 stdio.replace.0 stdio.close.0 stdio.replace.1 stdio.close.1 stdio.replace.2 stdio.close.2",
		},
		{
			"the terminal, 2 closed", allOf(terminal(accessReadWrite)), func(p *policy.Policy) { p.Process.InheritFDs = []int{0, 1} },
			[3]plan.Treatment{plan.TreatReopen, plan.TreatReopen},
			"stdio.reopen.0 stdio.reopen.1 stdio.replace.0 stdio.close.0 stdio.replace.1 stdio.close.1",
		},
	} {
		for _, pid := range []policy.NamespaceMode{policy.NamespaceNew, policy.NamespaceHost} {
			p := *plain(t)
			p.Namespaces[ns.PID] = pid
			if c.change != nil {
				c.change(&p)
			}
			h := ordinaryUser()
			h.Streams = c.streams
			l := built(t, &p, h, plan.Options{})
			if l.Streams != c.want || l.Leads != (c.want[0] == plan.TreatRelay) {
				t.Errorf("%s: %v, leads %t", c.name, l.Streams, l.Leads)
			}
			ops := stdioOps(l)
			forks := l.Leads || pid == policy.NamespaceNew
			if got := slices.Contains(ops, plan.ForkOp); got != forks || l.Forks != forks {
				t.Errorf("%s, pid %s: forks %t, in the plan %t", c.name, pid, got, l.Forks)
			}
			ops = slices.DeleteFunc(ops, func(s string) bool { return s == plan.ForkOp })
			if got := strings.Join(ops, " "); got != c.ops {
				t.Errorf("%s, pid %s:\n got %s\nwant %s", c.name, pid, got, c.ops)
			}
		}
	}
}

// TestOwnTerminal: with a tree of its own the jail's terminal comes from there, and
// with the caller's it does not.
func TestOwnTerminal(t *testing.T) {
	const own = "terminal.open terminal.unlock terminal.peer terminal.number terminal.send stdio.terminal stdio.replace.0 stdio.replace.1 stdio.replace.2 terminal.close terminal.session terminal.control terminal.group terminal.foreground"
	const hosts = "stdio.terminal stdio.replace.0 stdio.replace.1 stdio.replace.2 terminal.session terminal.control terminal.group terminal.foreground"
	for _, c := range []struct {
		kind    tree.Kind
		target  string
		inPlace bool
		want    string
	}{
		{tree.Devpts, "/dev/pts", false, own},
		{tree.Devpts, "/dev/pts", true, hosts},
		{tree.Devpts, "/srv/pts", false, hosts},
		{tree.Tmpfs, "/dev/pts", false, hosts},
	} {
		h := ordinaryUser()
		h.Streams = allOf(terminal(accessReadWrite))
		h.Tree = &tree.Layout{InPlace: c.inPlace, Workdir: "/", Entries: []tree.Entry{
			{Kind: tree.Tmpfs, Target: "/dev", Perm: 0o755}, {Kind: c.kind, Target: c.target, Perm: 0o755},
		}}
		l := built(t, plain(t), h, plan.Options{})
		ops := slices.DeleteFunc(stdioOps(l), func(s string) bool { return s == plan.ForkOp })
		if got := strings.Join(ops, " "); got != c.want || l.OwnTerminal != (c.want == own) {
			t.Errorf("%+v, own %t:\n got %s\nwant %s", c, l.OwnTerminal, got, c.want)
		}
		if at := l.Index("terminal.open"); at >= 0 && (at < l.Index("mount.root.pivot") || l.Index("terminal.close") > l.Index("caps.drop")) {
			t.Errorf("%+v: it is not opened between the mounts and the loss of power", c)
		}
	}
}

// TestDeathReadingWithoutPID: where the reaper is no pid 1, the request that
// counts is the command's own, which is made and read behind the fork.
func TestDeathReadingWithoutPID(t *testing.T) {
	p := *plain(t)
	p.Namespaces[ns.PID] = policy.NamespaceHost
	h := ordinaryUser()
	h.Streams = allOf(terminal(accessReadWrite))
	l := built(t, &p, h, plan.Options{})
	fork, again, read := l.Index(plan.ForkOp), l.Index("parent-death.command"), l.Index("read.parent-death")
	if fork < 0 || again < fork || read < again {
		t.Errorf("fork %d, request %d, reading %d", fork, again, read)
	}
}

// TestSocketRefusals: what cannot be relayed is refused, with what it is.
func TestSocketRefusals(t *testing.T) {
	with := func(change func(*plan.Stream)) plan.Stream {
		s := socket(1)
		change(&s)
		return s
	}
	for _, c := range []struct {
		stream plan.Stream
		word   policy.StdioSockets
		says   string
	}{
		{socket(1), policy.StdioRelay, ""},
		{with(func(s *plan.Stream) { s.Family = 2 }), policy.StdioRelay, ""},
		{with(func(s *plan.Stream) { s.Family = 10 }), policy.StdioRelay, ""},
		{with(func(s *plan.Stream) { s.Family = 40 }), policy.StdioRelay, "descriptor 1 is an AF_40 stream socket"},
		{with(func(s *plan.Stream) { s.Type = 2 }), policy.StdioRelay, "descriptor 1 is an AF_UNIX datagram socket"},
		{with(func(s *plan.Stream) { s.Type = 5 }), policy.StdioRelay, "descriptor 1 is an AF_UNIX seqpacket socket"},
		{with(func(s *plan.Stream) { s.Listening = true }), policy.StdioRelay, "descriptor 1 is a listening AF_UNIX stream socket"},
		{with(func(s *plan.Stream) { s.Connected = false }), policy.StdioRelay, "descriptor 1 is an unconnected AF_UNIX stream socket"},
		{with(func(s *plan.Stream) { s.Family, s.Type = -1, -1 }), policy.StdioRelay, "descriptor 1 is an AF_-1 type -1 socket"},
		{socket(1), policy.StdioRefuse, "descriptor 1 is an AF_UNIX stream socket"},
		{with(func(s *plan.Stream) { s.Type, s.Listening = 2, true }), policy.StdioPass, ""},
	} {
		p := *plain(t)
		p.Process.StdioSockets = c.word
		h := ordinaryUser()
		h.Streams[1] = c.stream
		_, err := plan.Build(&p, h, command(), plan.Options{})
		list := refused(t, err)
		switch {
		case c.says == "" && len(list) > 0:
			t.Errorf("%+v, %s: %v", c.stream, c.word, err)
		case c.says != "" && (len(list) != 1 || list[0].Key != "process.stdioSockets" || !strings.HasPrefix(list[0].Cause, c.says) || list[0].Help == ""):
			t.Errorf("%+v, %s: %v, want %q", c.stream, c.word, err, c.says)
		}
		p.Process.InheritFDs = []int{0, 2}
		if _, err := plan.Build(&p, h, command(), plan.Options{}); err != nil {
			t.Errorf("%+v, %s, not inherited: %v", c.stream, c.word, err)
		}
	}
}

// TestNamedDescriptors: an argument that names a closed descriptor is refused.
func TestNamedDescriptors(t *testing.T) {
	h := ordinaryUser()
	h.NamedFDs = []plan.NamedFD{{Number: 63, Text: "/dev/fd/63"}, {Number: 0, Text: "/dev/fd/0"}}
	p := *plain(t)
	_, err := plan.Build(&p, h, command(), plan.Options{})
	list := refused(t, err)
	if len(list) != 1 || list[0].Key != "process.inheritFds" || !strings.Contains(list[0].Cause, `"/dev/fd/63"`) || !strings.Contains(list[0].Help, "add 63") {
		t.Errorf("%v", err)
	}
	p.Process.InheritFDs = []int{0, 1, 2, 63}
	if _, err := plan.Build(&p, h, command(), plan.Options{}); err != nil {
		t.Error(err)
	}
}

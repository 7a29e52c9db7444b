package audit

import (
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// countedAll lets the case be one in which nobody but the command and the reaper was
// found.
func countedAll(c *Case) {
	s := &evidence.Census{Seen: 200, Within: known([]evidence.Relative{{PID: 1, Name: "netjail"}, {PID: 2, Name: "true"}}, "/proc/72/root/proc")}
	var in [ns.Count]bool
	for _, k := range ns.All() {
		if k == ns.Time || !c.ofJail(k) {
			continue // the command enters that one with its execve
		}
		s.Sought[k], in[k] = c.Evidence.Outside.Namespaces[k].Value, true
	}
	s.Residents = []evidence.Resident{{PID: 71, Inner: 1, Name: "netjail", In: in}, {PID: 72, Inner: 2, Name: "true", In: in}}
	c.Evidence.Census = s
}

func (c *Case) ofJail(k ns.Kind) bool { return c.Policy.New(k) || c.joins(k) }

// counting is a full audit with something changed about the count.
func counting(change func(*evidence.Census)) func(*Case) {
	return all(full, func(c *Case) { change(c.Evidence.Census) })
}

// enters adds a resident that is in namespaces of these kinds.
func enters(change func(*evidence.Resident), kinds ...ns.Kind) func(*Case) {
	return counting(func(s *evidence.Census) {
		r := evidence.Resident{PID: 4711, Name: "sh", Target: &evidence.Target{Kinds: []evidence.Kind{insider()}}}
		for _, k := range kinds {
			r.In[k] = true
		}
		if r.In[ns.PID] {
			r.Inner = 5
			s.Within.Value = append(s.Within.Value, evidence.Relative{PID: 5, Name: "sh"})
		}
		change(&r)
		s.Residents = append(s.Residents, r)
	})
}

// insider is a thread that stands in the jail's tree and has nothing open.
func insider() evidence.Kind {
	k := evidence.Kind{TID: 4711, Name: "sh", Count: 1}
	k.FDs = known([]evidence.FD{}, "/proc/4711/fd")
	k.Root = known(evidence.Place{Path: "/", Mount: 100}, "/proc/4711/root")
	k.Cwd = known(evidence.Place{Path: "/tmp", Mount: 119}, "/proc/4711/cwd")
	return k
}

// carries gives the resident's only thread descriptors.
func carries(fds ...evidence.FD) func(*evidence.Resident) {
	return func(r *evidence.Resident) { r.Target.Kinds[0].FDs.Value = fds }
}

func asIs(*evidence.Resident) {}

// countedJoined is a full audit in a network namespace that is joined, with whoever
// lives there.
func countedJoined(inhabitants ...func(*evidence.Resident)) func(*Case) {
	return all(joinedNS(ns.User, ns.Network), full, func(c *Case) {
		for _, change := range inhabitants {
			enters := evidence.Resident{PID: 4800, Name: "server", Target: &evidence.Target{Kinds: []evidence.Kind{insider()}}}
			enters.In[ns.Network] = true
			change(&enters)
			c.Evidence.Census.Residents = append(c.Evidence.Census.Residents, enters)
		}
	})
}

func everythingShared(c *Case) { hostNS(allKinds()...)(c) }

func allKinds() []ns.Kind {
	all := ns.All()
	return all[:]
}

func censusRows() map[string][]row {
	return map[string][]row{"proc.enter": enterTable(), "fd.helper": helperTable(), "evidence.disagree": numberTable()}
}

// uncountedTable are the ways in which the count tells nothing.
func uncountedTable() []row {
	resident := func(i int, change func(*evidence.Resident)) func(*Case) {
		return counting(func(s *evidence.Census) { change(&s.Residents[i]) })
	}
	return []row{
		{"not a full audit", same, Unknown, "only a full audit"},
		{"nobody looked", func(c *Case) { c.Evidence.Full = true }, Unknown, "nobody has looked"},
		{"everything shared", all(full, everythingShared), NotApplicable, "every namespace is the host's"},
		{"not settled", counting(func(s *evidence.Census) { s.Missing = "they come and go" }), Unknown, "they come and go"},
		{"the command was missed", counting(func(s *evidence.Census) { s.Residents = s.Residents[:1] }), Unknown, "missed the command"},
		{"the reaper was missed", counting(func(s *evidence.Census) { s.Residents = s.Residents[1:] }), Unknown, "missed netjail's own pid 1"},
		{"the command in another place", resident(1, func(r *evidence.Resident) { r.In[ns.IPC] = false }), Unknown, "the command in its ipc namespace"},
		{"the reaper in another place", resident(0, func(r *evidence.Resident) { r.In[ns.User] = false }), Unknown, "pid 1 in its user namespace"},
		{"a kind was not sought", counting(func(s *evidence.Census) { s.Sought[ns.UTS] = 0 }), Unknown, "uts namespace was not looked for"},
		{"another was sought", counting(func(s *evidence.Census) { s.Sought[ns.Network]++ }), Unknown, "network namespace was not looked for"},
		{"identity unread", all(full, func(c *Case) { lost(&c.Evidence.Outside.Namespaces[ns.Mount]) }), Unknown, "EIO"},
		{"the time namespace was not sought, and it was held", all(full, held), Unknown, "time namespace was not looked for"},
		{"its /proc was not read", counting(func(s *evidence.Census) { lost(&s.Within) }), Unknown, "EIO"},
		{"its /proc lacks the command", counting(func(s *evidence.Census) { s.Within.Value = s.Within.Value[:1] }), Unknown, "does not show process 72 as number 2"},
		{"its /proc lacks pid 1", counting(func(s *evidence.Census) { s.Within.Value = s.Within.Value[1:] }), Unknown, "does not show process 71 as number 1"},
		{"another /proc", counting(func(s *evidence.Census) {
			s.Within.Value = append(s.Within.Value, evidence.Relative{PID: 9})
			s.Within.Value[1].Start = 77
		}), Unknown, "it is not the jail's own"},
		{"no reaper was looked at", all(full, func(c *Case) {
			c.Evidence.Reaper = nil
			c.Evidence.Census.Residents = c.Evidence.Census.Residents[1:]
			c.Evidence.Census.Within.Value = c.Evidence.Census.Within.Value[1:]
		}), Unknown, "nobody looked at the reaper"},
	}
}

func enterTable() []row {
	closed := func(s *evidence.Census) { s.Closed = 90 }
	return append(
		uncountedTable(),
		row{"nobody", full, Pass, "the command and netjail's pid 1 among 200 processes"},
		row{"without pid and user namespaces", all(hostNS(ns.PID, ns.User), full, func(c *Case) {
			c.Evidence.Reaper, c.Evidence.Census.Residents = nil, c.Evidence.Census.Residents[1:]
		}), Pass, "the command among 200"},
		row{"others' processes", counting(closed), Pass, "not told of 90"},
		row{"entered user and network", enters(asIs, ns.User, ns.Network), Fail, `process 4711 "sh" in user, network`},
		row{"entered pid", enters(asIs, ns.PID), Fail, `process 4711 "sh" in pid`},
		row{"entered although the command was missed", all(enters(asIs, ns.IPC), func(c *Case) { c.Evidence.Census.Residents = c.Evidence.Census.Residents[2:] }), Fail, "4711"},
		row{"one thread", enters(func(r *evidence.Resident) { r.Threads = []int{4713} }, ns.Network), Fail, `thread 4713 of process 4711 "sh" in network`},
		row{"below", enters(func(r *evidence.Resident) { r.Below = true }), Fail, `process 4711 "sh" below user`},
		row{"only the jail's /proc shows it", counting(func(s *evidence.Census) {
			s.Within.Value = append(s.Within.Value, evidence.Relative{PID: 9, Name: "spy"})
		}), Fail, `number 9 of the jail's pid namespace, "spy"`},
		row{"perhaps", counting(func(s *evidence.Census) { s.Perhaps = []evidence.Relative{{PID: 4712, Name: "firefox"}} }), Unknown, `process 4712 "firefox" may be in the user namespace`},
		row{"hidden", counting(func(s *evidence.Census) { s.Hidden = true }), Unknown, "hidepid"},
		row{"hidden by an option", all(full, hidepid("2")), Unknown, "hidepid"},
		row{"hidden from others", all(full, hidepid("invisible"), func(c *Case) {
			c.Evidence.Before.Caps.Value.Effective = caps.Of(caps.SysPtrace)
		}), Pass, ""},
		row{"not hidden", all(full, hidepid("0")), Pass, ""},
		row{"joined", countedJoined(asIs), Declared, `in what is joined also process 4800 "server" in network`},
		row{"joined, nobody there", countedJoined(), Declared, "may enter as the command did: user, network"},
		row{"joined, and in a new one", countedJoined(func(r *evidence.Resident) { r.In[ns.IPC] = true }), Fail, `process 4800 "server" in network, ipc`},
	)
}

func hidepid(value string) func(*Case) {
	return func(c *Case) {
		c.Evidence.Before.Mounts = known([]evidence.Mount{{Point: "/proc", Type: "proc", Super: "rw,hidepid=" + value}}, "mountinfo")
	}
}

// openFile is a file opened through a mount.
func openFile(mount int) evidence.FD {
	return evidence.FD{Number: 4, Target: "/srv/x", Kind: evidence.FDFile, Info: info(evidence.FDInfo{Mount: mount})}
}

func directoryFD(mount int) evidence.FD {
	d := openFile(mount)
	d.Directory = true
	return d
}

func helperTable() []row {
	socket := func(host bool) evidence.FD { return socketFD(4, familyInet, host, 0) }
	ownSocket := socket(false)
	ownSocket.Socket.Network = known(evidence.NamespaceID(jailNS+uint64(ns.Network)), "SIOCGSKNS")
	untold := socket(false)
	lost(&untold.Socket.HostNetwork)
	anonymous := func(target string) evidence.FD {
		return evidence.FD{Number: 4, Target: target, Kind: evidence.FDAnonymous}
	}
	link := func(k ns.Kind, id uint64) evidence.FD {
		return evidence.FD{Number: 4, Target: nsLink(k, evidence.NamespaceID(id)), Kind: evidence.FDNamespace}
	}
	pidfd := anonymous("anon_inode:[pidfd]")
	pidfd.Info = info(evidence.FDInfo{PID: 1})
	tun := openFile(115)
	tun.Packets = true
	open := func(d evidence.FD) func(*Case) { return enters(carries(d), ns.User) }
	rows := []row{
		{"nobody", full, Pass, "netjail's pid 1: 3 socket:[9]; nobody else"},
		{"somebody with nothing", enters(asIs, ns.User), Pass, "1 other, with nothing"},
		{"host's socket", open(socket(true)), Fail, `process 4711 "sh": 4 socket:[99] of netjail's network namespace`},
		{"socket of another namespace", open(socket(false)), Fail, "not netjail's"},
		{"socket that tells nothing", open(untold), Fail, "not told"},
		{"own socket", open(ownSocket), Pass, ""},
		{"file of the tree", open(openFile(101)), Pass, ""},
		{"file of the host", open(openFile(21)), Fail, "4 /srv/x"},
		{"file that tells nothing", open(evidence.FD{Number: 4, Target: "/srv/x", Kind: evidence.FDFile}), Fail, "/srv/x"},
		{"directory of the tree", open(directoryFD(106)), Pass, ""},
		{"directory of the host", open(directoryFD(29)), Fail, outsideTree},
		{"null", open(evidence.FD{Number: 0, Target: "/dev/null", Kind: evidence.FDFile, Info: info(evidence.FDInfo{Mount: 25})}), Pass, ""},
		{"tun", open(tun), Fail, "/srv/x"},
		{"pidfd", open(pidfd), Fail, "4 anon_inode:[pidfd] of process 1"},
		{"ring", open(anonymous("anon_inode:[io_uring]")), Fail, "io_uring"},
		{"memfd", open(anonymous("/memfd:x")), Fail, "memfd"},
		{"eventfd", open(anonymous("anon_inode:[eventfd]")), Fail, "eventfd"},
		{"epoll", open(anonymous("anon_inode:[eventpoll]")), Pass, ""},
		{"own namespace", open(link(ns.Network, jailNS+uint64(ns.Network))), Pass, ""},
		{"host's namespace", open(link(ns.Network, ownNS+uint64(ns.Network))), Fail, "net:["},
		{"pipe", open(evidence.FD{Number: 1, Target: "pipe:[77]", Kind: evidence.FDPipe}), Fail, "pipe:[77]"},
		{"the command's pipe", open(evidence.FD{Number: 2, Target: "pipe:[1]", Kind: evidence.FDPipe}), Pass, ""},
		{"the command's terminal", open(evidence.FD{Number: 0, Target: "/dev/pts/1", Kind: evidence.FDTerminal}), Pass, ""},
		{"another terminal", open(evidence.FD{Number: 0, Target: "/dev/pts/2", Kind: evidence.FDTerminal}), Fail, "/dev/pts/2"},
		{"root outside", enters(func(r *evidence.Resident) { r.Target.Kinds[0].Root.Value.Mount = 21 }, ns.User), Fail, "its root /, outside of its tree"},
		{"cwd outside", enters(func(r *evidence.Resident) { r.Target.Kinds[0].Cwd.Value.Mount = 29 }, ns.User), Fail, "its working directory /tmp"},
		{"cwd unread", enters(func(r *evidence.Resident) { lost(&r.Target.Kinds[0].Cwd) }, ns.User), Unknown, "EIO"},
		{"cwd outside, with the host's tree", all(enters(func(r *evidence.Resident) { r.Target.Kinds[0].Cwd.Value.Mount = 29 }, ns.User), func(c *Case) { c.Expect.Tree.InPlace = true }), Pass, ""},
		{"descriptors unread", enters(func(r *evidence.Resident) { lost(&r.Target.Kinds[0].FDs) }, ns.User), Unknown, `process 4711 "sh": the call: EIO`},
		{"process unread", enters(func(r *evidence.Resident) { r.Target, r.Why = nil, "EACCES" }, ns.User), Unknown, "EACCES"},
		{"threads unread", enters(func(r *evidence.Resident) { r.Target.Unread = "too many" }, ns.User), Unknown, "too many"},
		{"a second thread", enters(func(r *evidence.Resident) {
			k := insider()
			k.FDs.Value = []evidence.FD{socket(true)}
			r.Target.Kinds = append(r.Target.Kinds, k)
		}, ns.User), Fail, "of netjail's network namespace"},
		{"one unread, one leads out", all(enters(func(r *evidence.Resident) { r.Target, r.Why = nil, "EACCES" }, ns.User), func(c *Case) {
			more := evidence.Resident{PID: 4715, Name: "x", Target: &evidence.Target{Kinds: []evidence.Kind{insider()}}}
			more.In[ns.User] = true
			carries(socket(true))(&more)
			c.Evidence.Census.Residents = append(c.Evidence.Census.Residents, more)
		}), Fail, "process 4715"},
		{"only the jail's /proc shows it", counting(func(s *evidence.Census) {
			s.Within.Value = append(s.Within.Value, evidence.Relative{PID: 9, Name: "spy"})
		}), Unknown, "number 9 of the jail's pid namespace"},
		{"hidden", counting(func(s *evidence.Census) { s.Hidden = true }), Unknown, "hidepid"},
		{"perhaps", counting(func(s *evidence.Census) { s.Perhaps = []evidence.Relative{{PID: 4712, Name: "firefox"}} }), Unknown, `process 4712 "firefox", which may be in the jail`},
		{"reaper unread", all(full, func(c *Case) { lost(&c.Evidence.Reaper.FDs) }), Unknown, "netjail's pid 1"},
		{"reaper with more", all(full, func(c *Case) {
			c.Evidence.Reaper.FDs.Value = append(c.Evidence.Reaper.FDs.Value, socketFD(4, familyInet, true, 0))
		}), Fail, "netjail's pid 1: 3 socket:[9], 4 socket:[99]"},
		{"joined, with a socket", countedJoined(func(r *evidence.Resident) { carries(socket(true))(r) }), Declared, "of netjail's network namespace"},
		{"joined, unread", countedJoined(func(r *evidence.Resident) { r.Target, r.Why = nil, "EACCES" }), Declared, "EACCES"},
		{"joined, pid shared", all(hostNS(ns.PID), countedJoined(asIs), func(c *Case) {
			c.Evidence.Reaper, c.Evidence.Census.Residents = nil, c.Evidence.Census.Residents[1:]
		}), Declared, "whoever has its id"},
		{"joined, nobody there", countedJoined(), Pass, "nobody else"},
	}
	return append(rows, uncountedTable()...)
}

func numberTable() []row {
	return []row{
		{"who is there, told twice", full, Pass, ""},
		{"its /proc shows one more", counting(func(s *evidence.Census) {
			s.Within.Value = append(s.Within.Value, evidence.Relative{PID: 9})
		}), Fail, "processes of the pid namespace 1, 2 ≠ 1, 2, 9"},
		{"netjail's shows one more", counting(func(s *evidence.Census) {
			s.Residents = append(s.Residents, evidence.Resident{PID: 4711, Inner: 9})
		}), Fail, "1, 2, 9 ≠ 1, 2"},
	}
}

// TestHiddenDoesNotRefuse: what the host keeps from netjail is owned up to.
func TestHiddenDoesNotRefuse(t *testing.T) {
	c := healthy()
	full(c)
	c.Evidence.Census.Hidden = true
	if f := judgeEnter(c); f.Verdict != Unknown || f.Scope != NotObservable || f.Refuses() {
		t.Errorf("%+v", f)
	}
}

// TestCountIsWaived: who has to enter can be let in, by a profile that says why.
func TestCountIsWaived(t *testing.T) {
	c := healthy()
	enters(asIs, ns.User)(c)
	c.Policy.Audit.Waivers = []policy.Waiver{{Check: "proc.enter", Reason: "a debugger"}}
	for _, f := range evaluate(c) {
		if f.Check == "proc.enter" && (f.Verdict != Declared || f.Waiver != "a debugger") {
			t.Errorf("%+v", f)
		}
	}
}

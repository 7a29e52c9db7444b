package audit

import (
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

func keptRows() map[string][]row {
	return map[string][]row{
		"fd.socket-namespace": socketNamespaceTable(), "fd.directory": directoryTable(), "fd.tun": tunTable(),
		"fd.pidfd": pidfdTable(), "fd.io-uring": ringTable(), "fd.shared-memory": sharedTable(), "proc.peer-pidfd": peerTable(),
	}
}

// put lets the command have this descriptor, in place of one with its number.
func put(d evidence.FD) func(*Case) {
	return func(c *Case) {
		f := &c.Evidence.Outside.FDs
		f.Value = append(slices.DeleteFunc(f.Value, func(o evidence.FD) bool { return o.Number == d.Number }), d)
	}
}

// keeps puts a descriptor that the profile names.
func keeps(d evidence.FD) func(*Case) { return all(letThrough(d.Number), put(d)) }

func info(i evidence.FDInfo) evidence.Fact[evidence.FDInfo] { return known(i, "fdinfo") }

// numbered is the same descriptor under another number.
func numbered(n int, d evidence.FD) evidence.FD {
	d.Number = n
	return d
}

func passes(c *Case) { c.Policy.Process.StdioSockets = policy.StdioPass }

func socketFD(n, family int, host bool, peer int) evidence.FD {
	return evidence.FD{Number: n, Target: "socket:[99]", Kind: evidence.FDSocket, Socket: evidence.Socket{
		Family: known(family, "SO_DOMAIN"), HostNetwork: known(host, "SO_NETNS_COOKIE"), Peer: known(peer, "SO_PEERPIDFD"),
		Network: evidence.Unknown[evidence.NamespaceID]("SIOCGSKNS", "EPERM"),
	}}
}

const (
	familyUnix   = 1
	familyInet   = 2
	familyPacket = 17
)

func socketNamespaceTable() []row {
	ofNamespace := func(id uint64) evidence.FD {
		d := socketFD(5, familyInet, false, 0)
		d.Socket.Network = known(evidence.NamespaceID(id), "SIOCGSKNS")
		return d
	}
	untold := socketFD(5, familyInet, true, 0)
	lost(&untold.Socket.HostNetwork)
	return []row{
		{"none", same, Pass, "no socket among 0, 1, 2"},
		{"the host's, named", keeps(socketFD(5, familyInet, true, 0)), Declared, "5 socket:[99] of netjail's network namespace"},
		{"the host's, named and held", all(keeps(socketFD(3, familyInet, true, 0)), func(c *Case) {
			after := c.Evidence.Outside
			after.FDs.Value = slices.DeleteFunc(slices.Clone(after.FDs.Value), func(d evidence.FD) bool { return d.Number == 7 })
			c.Evidence.AfterExec = &after
		}), Declared, "3 socket:[99]"},
		{"another's, named", keeps(socketFD(5, familyInet, false, 0)), Declared, "that is not netjail's"},
		{"a third one", keeps(ofNamespace(4711)), Declared, "net:[4711]"},
		{"not told", keeps(untold), Declared, "not told: the call: EIO"},
		{"not named", put(socketFD(50, familyInet, true, 0)), Fail, "no key lets it through"},
		{"standard input", put(socketFD(0, familyInet, true, 0)), Fail, "process.stdioSockets is relay"},
		{"standard input, passed", all(passes, put(socketFD(0, familyInet, true, 0))), Declared, "process.stdioSockets keep it"},
		{"its own", keeps(ofNamespace(jailNS + uint64(ns.Network))), Pass, "of its own namespace"},
		{"the network is shared", all(hostNS(ns.Network), keeps(socketFD(5, familyInet, true, 0))), Pass, "of its own namespace"},
		{"the network is shared, the socket another's", all(hostNS(ns.Network), keeps(socketFD(5, familyInet, false, 0))), Declared, "not netjail's"},
		{"the network is shared, and not told", all(hostNS(ns.Network), keeps(untold)), Declared, "not told"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func directoryTable() []row {
	dir := evidence.FD{Number: 5, Target: "/srv", Kind: evidence.FDFile, Directory: true, Info: info(evidence.FDInfo{Mount: 4000})}
	file := evidence.FD{Number: 5, Target: "/srv/x", Kind: evidence.FDFile, PathOnly: true, Info: info(evidence.FDInfo{Mount: 4000})}
	untold := dir
	lost(&untold.Info)
	own := func(c *Case) { c.Evidence.Outside.Mounts.Value[0].ID = 4000 }
	inPlace := func(c *Case) { c.Expect.Tree.InPlace = true }
	return []row{
		{"none", same, Pass, "no directory among 0, 1, 2"},
		{"named", keeps(dir), Declared, "5 /srv, outside of its tree"},
		{"named, of a path alone", keeps(file), Declared, "5 /srv/x (O_PATH), outside of its tree"},
		{"named, of its own", all(own, keeps(dir)), Declared, "5 /srv, in its own tree"},
		{"named, not told", keeps(untold), Declared, "in a tree that is not told"},
		{"not named", put(numbered(50, dir)), Fail, "no key lets it through"},
		{"standard input", put(numbered(0, dir)), Fail, "0 to 2 as streams"},
		{"standard input, of a path alone", put(numbered(0, file)), Fail, "0 /srv/x (O_PATH)"},
		{"standard input, of its own tree", all(own, put(numbered(0, dir))), Declared, "in its own tree"},
		{"standard input, not told", put(numbered(0, untold)), Unknown, "is not told"},
		{"standard input, in the host's tree", all(inPlace, put(numbered(0, dir))), Declared, "the host's anyway"},
		{"standard input, mounts shared", all(hostNS(ns.Mount), put(numbered(0, dir))), Declared, "that it shares"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func tunTable() []row {
	tun := evidence.FD{Number: 5, Target: "/dev/net/tun", Kind: evidence.FDFile, Packets: true, Info: info(evidence.FDInfo{Interface: "tun7"})}
	unnamed, untold, tap, dead := tun, tun, tun, socketFD(5, familyInet, true, 0)
	unnamed.Info.Value.Interface = ""
	tap.Target, tap.Packets = "/dev/tap3", false
	lost(&untold.Info)
	lost(&dead.Socket.Family)
	return []row{
		{"none", same, Pass, "no packet device among 0, 1, 2"},
		{"a socket of another family", keeps(socketFD(5, familyInet, true, 0)), Pass, "0, 1, 2, 5"},
		{"named", keeps(tun), Declared, "5 /dev/net/tun, of tun7"},
		{"named, without an interface", keeps(unnamed), Declared, "no interface yet"},
		{"named, not told", keeps(untold), Declared, "not told: the call: EIO"},
		{"macvtap", keeps(tap), Declared, "5 /dev/tap3"},
		{"packet socket", keeps(socketFD(5, familyPacket, true, 0)), Declared, "a packet socket"},
		{"not named", put(numbered(50, tun)), Fail, "no key lets it through"},
		{"standard input", put(numbered(0, tun)), Fail, "as streams"},
		{"a socket's family is not told", keeps(dead), Unknown, "whether a socket is one of packets"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func pidfdTable() []row {
	fd := evidence.FD{Number: 5, Target: "anon_inode:[pidfd]", Kind: evidence.FDAnonymous, Info: info(evidence.FDInfo{PID: 4711})}
	ended, untold, other := fd, fd, fd
	ended.Info.Value.PID = -1
	lost(&untold.Info)
	other.Target, other.Kind = "pidfd:[8]", evidence.FDOther
	return []row{
		{"none", same, Pass, "no pidfd among 0, 1, 2"},
		{"named", keeps(fd), Declared, "of process 4711"},
		{"named, as Linux 6.9 has it", keeps(other), Declared, "5 pidfd:[8] of process 4711"},
		{"of nobody", keeps(ended), Declared, "a process that has ended"},
		{"of one that is not told", keeps(untold), Declared, "not told: the call: EIO"},
		{"not named", put(numbered(50, fd)), Fail, "no key lets it through"},
		{"standard input", put(numbered(0, fd)), Fail, "as streams"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func ringTable() []row {
	fd := evidence.FD{Number: 5, Target: "anon_inode:[io_uring]", Kind: evidence.FDAnonymous, Info: info(evidence.FDInfo{Thread: 88})}
	plain, untold := fd, fd
	plain.Info.Value.Thread = -1
	lost(&untold.Info)
	return []row{
		{"none", same, Pass, "no io_uring among 0, 1, 2"},
		{"named", keeps(fd), Declared, "kernel thread 88"},
		{"named, without a thread", keeps(plain), Declared, "without a thread"},
		{"named, not told", keeps(untold), Declared, "no more is told"},
		{"not named", put(numbered(50, fd)), Fail, "no key lets it through"},
		{"standard input", put(numbered(0, fd)), Fail, "as streams"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func sharedTable() []row {
	memfd := evidence.FD{Number: 5, Target: "/memfd:x (deleted)", Kind: evidence.FDAnonymous, Deleted: true}
	return []row{
		{"a pipe as a stream", same, Declared, "these are the streams that they are"},
		{"none", put(evidence.FD{Number: 1, Target: "/dev/null", Kind: evidence.FDFile}), Pass, "none among 0, 1, 2"},
		{"a memfd", keeps(memfd), Declared, "5 /memfd:x (deleted)"},
		{"a memfd as a stream", put(numbered(0, memfd)), Declared, "these are the streams that they are"},
		{"an eventfd", keeps(evidence.FD{Number: 5, Target: "anon_inode:[eventfd]", Kind: evidence.FDAnonymous}), Declared, "anon_inode:[eventfd]"},
		{"a FIFO", keeps(evidence.FD{Number: 5, Target: "/run/fifo", Kind: evidence.FDFile, FIFO: true}), Declared, "/run/fifo"},
		{"a file without a name", keeps(evidence.FD{Number: 5, Target: "/tmp/x (deleted)", Kind: evidence.FDFile, Deleted: true}), Declared, "/tmp/x (deleted)"},
		{"shared memory by name", keeps(evidence.FD{Number: 5, Target: "/dev/shm/x", Kind: evidence.FDFile}), Declared, "/dev/shm/x"},
		{"not named", put(numbered(50, memfd)), Fail, "no key lets it through: 50 /memfd:x"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

func peerTable() []row {
	dead, untold := socketFD(5, familyUnix, true, 0), socketFD(5, familyInet, true, 0)
	lost(&dead.Socket.Peer)
	lost(&untold.Socket.Family)
	return []row{
		{"none, and no socket to connect with", same, Pass, "no unix socket is kept"},
		{"none, and nothing is shared", unixWord(policy.UnixIsolated), Pass, "none of the host's is in reach"},
		{"none, and any in reach", unixWord(policy.UnixHost), Declared, "sockets.unix is host"},
		{"none, and some by name", all(unixWord(policy.UnixAllow), func(c *Case) { c.Policy.Sockets.UnixAllowed = []string{"/run/db"} }), Declared, "/run/db"},
		{"none, and a listener in reach", looked(evidence.Endpoint{Path: "/home/u/p/x.sock", Answer: evidence.AnswerAlive}), Unknown, "unix.reachable stands against"},
		{"none, and that waived", all(looked(evidence.Endpoint{Path: "/home/u/p/x.sock", Answer: evidence.AnswerAlive}), waived("unix.reachable")), Declared, "in reach"},
		{"a connection", keeps(socketFD(5, familyUnix, true, 4711)), Declared, "to process 4711"},
		{"a connection to nobody", keeps(socketFD(5, familyUnix, true, -1)), Declared, "has ended"},
		{"without a peer", keeps(socketFD(5, familyUnix, true, 0)), Pass, "without a peer"},
		{"no unix socket", keeps(socketFD(5, familyInet, true, 0)), Pass, "no unix socket is kept"},
		{"not named", put(socketFD(50, familyUnix, true, 4711)), Fail, "no key lets it through"},
		{"standard input", put(socketFD(0, familyUnix, true, 4711)), Fail, "process.stdioSockets is relay"},
		{"standard input, passed", all(passes, put(socketFD(0, familyUnix, true, 4711))), Declared, "to process 4711"},
		{"not told", keeps(dead), Unknown, "EIO"},
		{"family not told", keeps(untold), Unknown, "whether a socket has a peer"},
		{"unread", unreadFDs, Unknown, "EIO"},
	}
}

// TestKeptOutside: what the same descriptors are in a process that netjail did not
// start.
func TestKeptOutside(t *testing.T) {
	dead := socketFD(5, familyUnix, false, 0)
	lost(&dead.Socket.Peer)
	for _, r := range []struct {
		check string
		fd    evidence.FD
		want  Verdict
	}{
		{"fd.tun", evidence.FD{Target: "/elsewhere", Packets: true}, Open},
		{"fd.tun", socketFD(5, familyPacket, false, 0), Open},
		{"fd.pidfd", evidence.FD{Target: "anon_inode:[pidfd]"}, Open},
		{"fd.io-uring", evidence.FD{Target: "anon_inode:[io_uring]"}, Open},
		{"fd.shared-memory", evidence.FD{Target: "/x", FIFO: true}, Unknown},
		{"fd.directory", evidence.FD{Target: "/x", PathOnly: true, Info: info(evidence.FDInfo{Mount: 4000})}, Open},
		{"fd.directory", evidence.FD{Target: "/x", Directory: true, Info: info(evidence.FDInfo{Mount: 9})}, Closed},
		{"fd.socket-namespace", socketFD(5, familyInet, true, 0), Open},
		{"proc.peer-pidfd", socketFD(5, familyUnix, false, 4711), Open},
		{"proc.peer-pidfd", socketFD(5, familyInet, false, 0), Closed},
		{"proc.peer-pidfd", dead, Unknown},
	} {
		target := jailed()
		target.Kinds[0].FDs.Value = []evidence.FD{r.fd}
		if f := observedOf(t, nil, target, r.check); f.Verdict != r.want {
			t.Errorf("%s: %+v", r.check, f)
		}
	}
}

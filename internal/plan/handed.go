package plan

import (
	"encoding/binary"

	"github.com/netjail/netjail/internal/ns"
)

// handed tries what descriptors of the host's would be good for, were the command
// to come by them: a pidfd of the victim, a socket of netjail's network namespace,
// and the handle of that namespace, which is a number. All three are handed to the
// child for this and closed again. It has every capability of the new user
// namespace then, which is more than the command will have: what fails here cannot
// succeed later.
func (b *builder) handed() {
	if !b.tries() {
		return
	}
	b.try("handed.self", "getpid", "", userKey)
	b.try("handed.own", "pidfd_open", "", userKey, result("attempt.handed.self"), num(0))
	if b.triesNetwork() {
		b.enterByPidfd()
		b.enterByHandle()
		b.enterBySocket()
		b.try("handed.place.close", "close", "", userKey, each)
		for k := range b.entered() {
			b.last().Each = append(b.last().Each, resultAt("attempt.handed.place", k))
		}
	}
	b.robByPidfd()
	b.tryClose("handed.own", userKey)
	for _, d := range []FD{FDVictim, FDHostSocket} {
		b.try("handed.close"+b.fd(d).Name, "close", "", userKey, b.fd(d))
	}
}

// triesNetwork says whether the ways into netjail's network namespace are tried: where
// that is not the command's, and the controls can work.
func (b *builder) triesNetwork() bool { return b.policy.New(ns.Network) || b.rulesJoinedNetwork() }

// entered are the kinds of namespace that are tried by a pidfd, the network first:
// those that the command does not share and that the child can go back to. What
// guards them guards the others: the right to trace the process, and CAP_SYS_ADMIN
// in the user namespace that owns what is to be entered (setns(2)).
func (b *builder) entered() []ns.Kind {
	kinds := []ns.Kind{ns.Network}
	for _, k := range []ns.Kind{ns.IPC, ns.UTS, ns.Cgroup} {
		if b.policy.New(k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// enterByPidfd enters the victim's namespaces by its pidfd, kind after kind. The
// control enters the process's own by its own.
func (b *builder) enterByPidfd() {
	var dir Arg
	var paths, kinds, back []Arg
	for k, kind := range b.entered() {
		flag := named(kind.FlagName(), uint64(kind.CloneFlag()))
		var path Arg
		dir, path = b.inProc("self/ns/" + kind.Link())
		paths = append(paths, path)
		kinds = append(kinds, flag)
		back = append(back, resultAt("attempt.handed.place", k), flag)
	}
	list := func(values []Arg) { b.last().Each = values }
	b.try("handed.place", "openat", "", userKey, dir, each, flags(named("O_RDONLY", 0), named("O_CLOEXEC", 0o2000000)))
	list(paths)
	b.try("handed.setns.control", "setns", FactTryControl(TrySetns), userKey, result("attempt.handed.own"), each)
	list(kinds)
	b.try("handed.setns", "setns", FactTry(TrySetns), userKey, b.fd(FDVictim), each)
	list(kinds)
	b.try("handed.setns.back", "setns", "", userKey, each, each)
	list(back)
}

// fdNSFSRoot is FD_NSFS_ROOT: the file system of namespaces, for which no
// descriptor is needed. Source: linux/fcntl.h of Linux 6.18.
var fdNSFSRoot = named("FD_NSFS_ROOT", ^uint64(10002))

// enterByHandle opens netjail's network namespace by its handle. The control opens
// the process's own by the handle that the kernel gives it.
func (b *builder) enterByHandle() {
	h := b.options.NetHandle
	if h == nil {
		return
	}
	readOnly := flags(named("O_RDONLY", 0), named("O_CLOEXEC", 0o2000000))
	b.tryOut("handed.handle.own", "name_to_handle_at", "", userKey, 4,
		resultAt("attempt.handed.place", 0), str(""), raw(h.fileHandle(false), "{own}"), out(), named("AT_EMPTY_PATH", 0x1000))
	b.try("handed.handle.control", "open_by_handle_at", FactTryControl(TryHandle), userKey, fdNSFSRoot, argOf("attempt.handed.handle.own", 2), readOnly)
	b.tryClose("handed.handle.control", userKey)
	b.try("handed.handle", "open_by_handle_at", FactTry(TryHandle), userKey, fdNSFSRoot, raw(h.fileHandle(true), "{netjail's network namespace}"), readOnly)
	b.tryClose("handed.handle", userKey)
}

// fileHandle is a struct file_handle: the handle itself, or room for one of its size.
// Source: open_by_handle_at(2).
func (h *Handle) fileHandle(whole bool) []byte {
	s := binary.LittleEndian.AppendUint32(nil, uint32(len(h.Bytes)))
	if !whole {
		return append(s, make([]byte, 4+len(h.Bytes))...)
	}
	return append(binary.LittleEndian.AppendUint32(s, uint32(h.Type)), h.Bytes...)
}

// siocgskns is the same on amd64 and arm64. Source: linux/sockios.h.
var siocgskns = named("SIOCGSKNS", 0x894c)

// enterBySocket asks a socket of netjail's network namespace for that. The control
// asks one of the process's own.
func (b *builder) enterBySocket() {
	b.try("handed.socket.own", "socket", "", userKey, afUnix, flags(named("SOCK_DGRAM", 2), sockCloexec), num(0))
	b.try("handed.socket.control", "ioctl", FactTryControl(TrySocket), userKey, result("attempt.handed.socket.own"), siocgskns, num(0))
	b.tryClose("handed.socket.control", userKey)
	b.tryClose("handed.socket.own", userKey)
	b.try("handed.socket", "ioctl", FactTry(TrySocket), userKey, b.fd(FDHostSocket), siocgskns, num(0))
	b.tryClose("handed.socket", userKey)
}

// robByPidfd takes a descriptor of the victim's and signals it. The controls do the
// same to the process itself.
func (b *builder) robByPidfd() {
	own := result("attempt.handed.own")
	b.try("handed.getfd.control", "pidfd_getfd", FactTryControl(TryHandedGetfd), userKey, own, b.fd(FDGate), num(0))
	b.tryClose("handed.getfd.control", userKey)
	b.try("handed.getfd", "pidfd_getfd", FactTry(TryHandedGetfd), userKey, b.fd(FDVictim), num(b.options.Victim.FD), num(0))
	b.tryClose("handed.getfd", userKey)
	b.try("handed.signal.control", "pidfd_send_signal", FactTryControl(TryHandedSignal), pidKey, own, num(0), null, num(0))
	b.try("handed.signal", "pidfd_send_signal", FactTry(TryHandedSignal), pidKey, b.fd(FDVictim), named("SIGALRM", SignalHanded), null, num(0))
}

// Package evidence holds facts read from the kernel, each with its source, and
// the code that reads them. It judges nothing: package audit does.
package evidence

import (
	"time"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// Fact is one thing that was read, or the reason why it was not.
// A Fact that is not Known is never a pass.
type Fact[T any] struct {
	Value T
	Known bool
	// Source names the call or file, e.g. "capget(2)" or "/proc/4711/status".
	Source string
	// Why says why the value is not known.
	Why string
}

// Known is a fact that was read.
func Known[T any](v T, source string) Fact[T] { return Fact[T]{Value: v, Known: true, Source: source} }

// Unknown is a fact that could not be read.
func Unknown[T any](source, why string) Fact[T] { return Fact[T]{Source: source, Why: why} }

// Evidence is everything that was seen of one start.
type Evidence struct {
	// Full is true where the dear attempts were made as well.
	Full bool
	// Inside is what the jailed process read about itself before execve(2),
	// with the privileges that the command will have.
	Inside Inside
	// Outside is what netjail read about that process before execve(2).
	Outside Process
	// AfterExec is what netjail read while the command was held at its first
	// instruction; nil where it was not held.
	AfterExec *Process
	// Entered is the process that becomes the command in a pid namespace that is
	// joined: what anybody may read of it. Outside is then the process that made it;
	// nil where there is none.
	Entered *Process
	// HoldWhy says why it was not held although that was asked for.
	HoldWhy string
	// Launcher names the way in which the process was made.
	Launcher string
	// Reaper is pid 1 of a new pid namespace; nil where there is none.
	Reaper *Process
	// Before and After are netjail itself, before the start and at the gate.
	Before, After Self
	// Keyring is netjail's own session keyring, and KeyringSeen what netjail sees in
	// /proc/keys under the number of the command's; read where Full.
	Keyring     Fact[Serial]
	KeyringSeen Fact[Key]
	// Session is netjail's own, read where the command's is.
	Session Fact[Session]
	// Terminal is the terminal that netjail made for the command; nil for none.
	Terminal *Terminal
	// Listener is netjail's canary on the loopback of its own network
	// namespace; nil where none was opened.
	Listener *Listener
	// Unix are netjail's canaries among the unix sockets, in the order of
	// plan.Options.Unix; nil where none were bound.
	Unix []UnixListener
	// Victim is netjail's process outside the jail, and NetHandle the handle of its
	// network namespace; nil where none was made.
	Victim    *Victim
	NetHandle *NetHandle
	// Baits is what else netjail has made on the host; nil for nothing.
	Baits *Baits
	// Shared is what lies below plan.Plan.Shared; nil where that is empty, and
	// where the command has no unix sockets and Full is not set.
	Shared *Shared
	// Given is what root's command was given to write, as plan.Host.Given lists it;
	// nil where nothing was.
	Given *Fact[[]Given]
	// Environment is what the child's last step is to pass to execve(2), as it lies
	// in the memory from which the child takes it.
	Environment Fact[[]string]
	// TimeLeft is what was left of the command's time when it had begun; not known
	// where there is no limit.
	TimeLeft Fact[time.Duration]
	// Sources are the directories that overlays show, as netjail itself finds them;
	// read where Full.
	Sources Fact[[]File]
	// Crash is what the host makes of a process that crashes; read where Full.
	Crash Crash
	// Census is who is in the namespaces that were made for the command, or that it
	// has joined; read where Full, as the last of all. nil where nobody looked.
	Census *Census
}

// Command is the process that becomes the command, or has, as it was read last.
func (e *Evidence) Command() *Process {
	switch {
	case e.AfterExec != nil:
		return e.AfterExec
	case e.Entered != nil:
		return e.Entered
	}
	return &e.Outside
}

// Crash are settings of the whole host about processes that crash. Source: core(5),
// Documentation/admin-guide/sysctl/kernel.rst.
type Crash struct {
	CorePattern Fact[string] // kernel.core_pattern, without the newline
	// ExceptionTrace is debug.exception-trace and FatalSignals is
	// kernel.print-fatal-signals: not 0 where each crash writes a line to the
	// kernel's log. A kernel without such a setting writes none by it: 0.
	ExceptionTrace, FatalSignals Fact[int]
}

// NamespaceID identifies a namespace: the inode number of its nsfs file.
type NamespaceID uint64

// IDMapLine is one line of uid_map or gid_map as the reader's user namespace
// sees it.
type IDMapLine struct{ Inside, Outside, Size uint32 }

// IDs are the real, effective and saved id.
type IDs struct{ Real, Effective, Saved uint32 }

// Attempt is a try that must fail, with the control that must not.
type Attempt struct {
	// Control is true where the same call worked on an object of the jail's own.
	Control bool
	// Succeeded is true where the attempt worked.
	Succeeded bool
	// Errno is the refusal's name, e.g. "EPERM"; empty where it succeeded. A
	// connection that was still under way says "EINPROGRESS", and whether it
	// arrived is then what Evidence.Listener counted. Of several calls alike it is
	// each that was met, sorted.
	Errno string
}

// Probe is the answer to one call that a system call filter decides about.
type Probe struct {
	Name  string
	Errno string // empty where the call succeeded
}

// Link is a network interface.
type Link struct {
	Index    int
	Name     string
	Loopback bool // IFF_LOOPBACK
	Up       bool // IFF_UP
}

// Address is an address of an interface.
type Address struct {
	Link   int // index
	Prefix inet.Prefix
}

// Route is a route of any table. Destination is the zero Prefix's 0/0 or ::/0
// for a default route.
type Route struct {
	Destination inet.Prefix
	Link        int  // index of the outgoing interface, 0 for none
	Local       bool // RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST or RTN_ANYCAST: kept by the kernel itself
}

// Network is what a network namespace holds.
type Network struct {
	Links     Fact[[]Link]
	Addresses Fact[[]Address]
	Routes    Fact[[]Route]
}

// Inside is what a process says of itself.
type Inside struct {
	Caps       Fact[caps.Sets]
	Securebits Fact[uint32]
	NoNewPrivs Fact[bool]
	Seccomp    Fact[int] // 0 none, 1 strict, 2 filter
	DeathSig   Fact[int]
	UIDs, GIDs Fact[IDs]
	Groups     Fact[[]uint32]
	UIDMap     Fact[[]IDMapLine]
	GIDMap     Fact[[]IDMapLine]
	Setgroups  Fact[string] // "allow" or "deny"
	Hostname   Fact[string]
	// ProcSelf is the process's own number as /proc tells it: in the pid
	// namespace whose /proc that is.
	ProcSelf Fact[int]
	// Pgrp and Sid are 0 where the leader lives outside the pid namespace.
	Pgrp, Sid  Fact[int]
	Cwd        Fact[string] // getcwd(2): it begins with "(unreachable)" where it lies outside the root
	Namespaces [ns.Count]Fact[NamespaceID]
	Clocks     Fact[Clocks] // of a time namespace that is joined
	Network    Network
	// NewKeyring is the session keyring that was made, Keyring the one that the
	// process has before the filter is loaded.
	NewKeyring, Keyring Fact[Serial]
	// Limits are those that the plan sets, by the number of the resource; the others
	// are not read.
	Limits [plan.LimitCount]Fact[plan.Limit]

	// Probes are the answers to the calls that the system call filter is to
	// refuse, and to those that it must not; known with none where the plan has
	// none.
	Probes Fact[[]Probe]

	// Signal: a signal to pid 1, from a Landlock domain of the command's own.
	Signal Fact[Attempt]
	// SetnsFD, SetnsProc: re-entry of netjail's network namespace.
	SetnsFD, SetnsProc Fact[Attempt]
	// Connect: a connection to Evidence.Listener.
	Connect Fact[Attempt]
	// OnHost are the attempts on Evidence.Victim and Evidence.NetHandle; nil where none
	// were made.
	OnHost map[plan.Try]Fact[Attempt]
	// Unix: connections to Evidence.Unix, in its order, under the mounts and in
	// the network namespace of the command, before the filter is loaded.
	Unix []Fact[Attempt]
	// Tries are the attempts at Evidence.Baits, and others of a full audit.
	Tries Tries
}

// Process is a process seen from netjail's side.
type Process struct {
	PID int

	Caps       Fact[caps.Sets] // /proc/PID/status
	Capget     Fact[caps.Sets] // capget(2) through gocapability, only where Evidence.Full
	NoNewPrivs Fact[bool]
	Seccomp    Fact[int]
	UIDs, GIDs Fact[IDs] // in netjail's user namespace
	// FSUID and FSGID are the ids by which it opens files: the effective ones, unless
	// it has asked for others (setfsuid(2)).
	FSUID, FSGID Fact[uint32]
	Groups       Fact[[]uint32]
	NSPids       Fact[[]int] // NSpid: from the reader's pid namespace inwards
	// Threads is the number of threads. What is said here of credentials and
	// namespaces is the first thread's.
	Threads Fact[int]
	// Blocked, Ignored and Caught are signals, bit n-1 for signal n.
	Blocked, Ignored, Caught Fact[uint64]
	Umask                    Fact[uint32] // of the files that it makes
	// Limits are the resource limits, by the number of the resource.
	Limits Fact[Limits]

	UIDMap, GIDMap Fact[[]IDMapLine]
	Setgroups      Fact[string]
	Namespaces     [ns.Count]Fact[NamespaceID]
	// Clocks is read only where it is asked for.
	Clocks Fact[Clocks]
	// Owners are the user namespaces that own each namespace (NS_GET_USERNS);
	// for the user namespace itself it is its parent (NS_GET_PARENT).
	Owners [ns.Count]Fact[NamespaceID]

	// Environ is /proc/PID/environ, which is the program's own only behind an
	// execve(2).
	Environ Fact[[]string]

	// Session is read only where it is asked for.
	Session Fact[Session]

	FDs Fact[[]FD] // ascending
	// Mounts are those of its mount namespace that it can reach from its root,
	// and are named from there.
	Mounts Fact[[]Mount]
	// Root and Cwd are where it stands.
	Root, Cwd Fact[Place]
	// Files are what Options.Files asked for, in that order.
	Files Fact[[]File]
	// Network is what /proc/PID/net tells, which is less than Inside.Network:
	// Link.Up is never set; an IPv4 Address has its prefix length only where it
	// is the sole one of its subnet, otherwise 32; Address.Link of IPv4 and
	// Route.Link of a Local route are 0 where there is more than one interface.
	// Every other route names its interface, or Routes is not known.
	Network Network
	// Dumpable is not known of a process that is a root itself.
	Dumpable Fact[bool]
}

// FD is an open descriptor.
type FD struct {
	Number int
	Target string // what the link in /proc/PID/fd says
	Kind   FDKind
	// Terminal is asked of a terminal alone.
	Terminal Fact[OpenTerminal]
	// What it is, of one with a path: a directory, a FIFO, one that only stands for
	// the path (O_PATH), the device of tun and tap or vhost-net, a file that has no
	// name any more.
	Directory, FIFO, PathOnly, Packets, Deleted bool
	// Info is what fdinfo tells, and Socket what a socket does. They are read only of
	// what leads somewhere, by ReadKept and ReadTarget.
	Info   Fact[FDInfo]
	Socket Socket
}

// FDInfo is what fdinfo tells of a descriptor: only what belongs to its kind is set.
// Source: proc_pid_fdinfo(5); tun_chr_show_fdinfo() of drivers/net/tun.c,
// __io_uring_show_fdinfo() of io_uring/fdinfo.c.
type FDInfo struct {
	Mount int // the number of the mount through which a file was opened
	// PID is the process that a pidfd stands for, as netjail's /proc numbers it: 0
	// for one that /proc does not show, -1 for one that has ended.
	PID int
	// Interface is that of a tun device; empty where there is none yet.
	Interface string
	// Thread is the kernel's thread that polls an io_uring; -1 for none.
	Thread int
	Event  int // the number of an eventfd
}

// Socket is what a copy of a socket answers. Source: socket(7), unix(7).
type Socket struct {
	Family Fact[int] // SO_DOMAIN
	// HostNetwork says whether it belongs to netjail's network namespace
	// (SO_NETNS_COOKIE, Linux 5.14).
	HostNetwork Fact[bool]
	// Network is the namespace itself (SIOCGSKNS), asked where it is not netjail's:
	// that takes CAP_NET_ADMIN over it.
	Network Fact[NamespaceID]
	// Peer is the process to which it gives its holder a pidfd (SO_PEERPIDFD, Linux
	// 6.5), as netjail's /proc numbers it; 0 where it gives none, -1 for one that has
	// ended. Asked of a unix socket alone.
	Peer Fact[int]
}

// FDKind says what a descriptor is open on.
type FDKind uint8

// The kinds of descriptor.
const (
	FDOther     FDKind = iota
	FDFile             // a path: regular file, directory, FIFO or device
	FDTerminal         // /dev/pts/N, /dev/tty…
	FDPipe             // pipe:[…]
	FDSocket           // socket:[…]
	FDAnonymous        // anon_inode:…, /memfd:…
	FDNamespace        // net:[…] and the like
)

// Self is netjail's own identity.
type Self struct {
	ProcDevice Fact[string] // major:minor of netjail's /proc
	UIDs, GIDs Fact[IDs]
	Caps       Fact[caps.Sets] // effective, permitted and inheritable, as capget(2) tells them
	Namespaces [ns.Count]Fact[NamespaceID]
	Umask      Fact[uint32]
	// Limits are the resource limits, read where Evidence.Full.
	Limits Fact[Limits]
	// Mounts are read where Evidence.Full, or where the layout needed none.
	Mounts Fact[[]Mount]
}

// Listener is netjail's canary: a TCP listener on 127.0.0.1 of the host.
type Listener struct {
	Address inet.AddrPort
	// Control is true where netjail's own connection arrived.
	Control bool
	// Strangers is the number of other connections that arrived.
	Strangers int
}

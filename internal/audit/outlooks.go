package audit

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// outlooks is what can be said from outside, check by check. What is not in it
// cannot be known: an attempt, a reading by the process itself, or something that
// only whoever started it knows. It is a function so that a start does not pay for
// it.
func outlooks() []outlook {
	return []outlook{
		{id: "ns.user", look: lookNamespace(ns.User), judge: judgeNamespaceOutside(ns.User)},
		{id: "ns.network", look: lookNamespace(ns.Network), judge: judgeNamespaceOutside(ns.Network)},
		{id: "ns.mount", look: lookNamespace(ns.Mount), judge: judgeNamespaceOutside(ns.Mount)},
		{id: "ns.pid", look: lookNamespace(ns.PID), judge: judgeNamespaceOutside(ns.PID)},
		{id: "ns.ipc", look: lookNamespace(ns.IPC), judge: judgeNamespaceOutside(ns.IPC)},
		{id: "ns.uts", look: lookNamespace(ns.UTS), judge: judgeNamespaceOutside(ns.UTS)},
		{id: "ns.cgroup", look: lookNamespace(ns.Cgroup), judge: judgeNamespaceOutside(ns.Cgroup)},
		{id: "ns.time", look: lookNamespace(ns.Time), judge: judgeNamespaceOutside(ns.Time)},
		{id: "ns.owner", look: lookOwner, opens: hostNamespace(ns.User)},
		{id: "ns.nested", look: lookNested, opens: nestingOpens},

		{id: "ids.uid-map", judge: judgeUIDMapOutside},
		{id: "ids.gid-map", judge: judgeGIDMapOutside},
		{id: "ids.setgroups", judge: judgeSetgroupsOutside},
		{id: "ids.groups", look: lookGroups, judge: judgeGroupsOutside},
		{id: "ids.fsuid", look: lookFileIDs},
		{id: "ids.host-root", look: lookHostRoot},

		{id: "net.interfaces", look: lookInterfaces, opens: hostNamespace(ns.Network)},
		{id: "net.addresses", look: lookAddresses, opens: hostNamespace(ns.Network)},
		{id: "net.routes", look: lookRoutes, opens: hostNamespace(ns.Network)},
		{id: "net.loopback", judge: judgeLoopbackOutside},
		{id: "net.loopback-services", look: byNamespace(ns.Network, "its loopback is the host's"), opens: hostNamespace(ns.Network)},
		{id: "net.proc", look: lookView, opens: hostNamespace(ns.PID)},

		{id: "caps.bounding", look: lookCaps(caps.Bounding), judge: judgeCapsOutside(caps.Bounding)},
		{id: "caps.permitted", look: lookCaps(caps.Permitted), judge: judgeCapsOutside(caps.Permitted)},
		{id: "caps.effective", look: lookCaps(caps.Effective), judge: judgeCapsOutside(caps.Effective)},
		{id: "caps.inheritable", look: lookCaps(caps.Inheritable), judge: judgeCapsOutside(caps.Inheritable)},
		{id: "caps.ambient", look: lookCaps(caps.Ambient), judge: judgeCapsOutside(caps.Ambient)},
		{id: "caps.parent", look: lookParent, opens: hostNamespace(ns.User)},

		{id: "proc.no-new-privs", look: lookNoNewPrivs, opens: noNewPrivsOpens},
		{id: "proc.threads", look: lookThreads},
		{id: "proc.view", look: lookView, opens: hostNamespace(ns.PID)},
		{id: "proc.setuid", look: lookSetuid, opens: rootOpens},
		{id: "proc.signal", look: byNamespace(ns.PID, "processes of its own uid"), opens: hostNamespace(ns.PID)},
		{id: "proc.kill", look: byNamespace(ns.PID, "processes of its own uid"), opens: hostNamespace(ns.PID)},
		{id: "proc.prlimit", look: byNamespace(ns.PID, "processes of its own uid"), opens: hostNamespace(ns.PID)},
		{id: "proc.ptrace", look: lookTrace, opens: hostNamespace(ns.User)},
		{id: "proc.pidfd-getfd", look: lookTrace, opens: hostNamespace(ns.User)},
		{id: "proc.links", look: lookTrace, opens: hostNamespace(ns.User)},
		{id: "proc.peer-pidfd", look: lookPeer, opens: peerOpens},
		{id: "proc.enter", look: lookEntered},
		{id: "proc.environment", look: lookEnviron, judge: judgeEnviron},

		{id: "fd.socket", look: lookSocket, opens: socketOpens},
		{id: "fd.socket-namespace", look: lookSocket, opens: socketOpens},
		{id: "fd.directory", look: lookDirectory, opens: rootOpens},
		{id: "fd.cwd", look: lookCwd, opens: rootOpens},
		{id: "fd.tun", look: lookFD("packets of an interface", isPackets)},
		{id: "fd.pidfd", look: lookFD("a process, which it can signal", isPidfd)},
		{id: "fd.io-uring", look: lookFD("whoever made the ring lends it credentials and network", isRing)},
		{id: "fd.shared-memory", look: lookShared},
		{id: "tty.background", look: lookTerminal},

		{id: "fs.writable", look: lookMounts("the host's files can be written there", isWritable), judge: judgeMountsOutside("the host's files can be written there", isWritable, true)},
		{id: "fs.host-executes", look: lookMounts("what it writes there runs on the host as soon as somebody runs it", isWritable), judge: judgeMountsOutside("what it writes there runs on the host as soon as somebody runs it", isWritable, true)},
		{id: "fs.fifo", look: lookMounts("a FIFO there is the host's, also where the mount is read-only", isDirect), judge: judgeMountsOutside("a FIFO there is the host's", isDirect, true)},
		{id: "fs.private", judge: judgePrivateOutside},
		{id: "fs.remote", look: lookMounts("somebody answers there, or it shows the host's kernel", isRemote), judge: judgeMountsOutside("somebody answers there, or it shows the host's kernel", isRemote, true)},
		{id: "fs.sysfs", look: lookMounts("its files are the host's", isSysfs), judge: judgeMountsOutside("its files are the host's", isSysfs, false)},
		{id: "fs.cgroup", look: lookMounts("its files are the host's", isCgroup), judge: judgeMountsOutside("its files are the host's", isCgroup, false)},
		{id: "fs.devices", look: lookMounts("device nodes there work", hasDevices), judge: judgeMountsOutside("device nodes there work", hasDevices, false)},
		{id: "fs.proc", look: lookSettings, opens: rootOpens},
		{id: "fs.propagation", look: lookMounts("what it mounts appears at its peers", isShared), opens: rootOpens},
		{id: "fs.setid-planting", look: lookFilter("set-user-ID modes for its own files"), opens: filterOpens},

		{id: "ipc.posix-shm", look: lookShm, opens: rootOpens},
		{id: "ipc.sysv", look: byNamespace(ns.IPC, "the host's"), opens: hostNamespace(ns.IPC)},
		{id: "ipc.mqueue", look: byNamespace(ns.IPC, "the host's"), opens: hostNamespace(ns.IPC)},

		{id: "seccomp.filter", look: lookFilter("every system call, among them rings, keys and handles that no namespace holds"), opens: filterOpens},
		{id: "sockets.families", look: lookFilter("every family, also those that no network namespace holds"), opens: familiesOpen},
		{id: "sockets.unix", look: lookFilter("unix sockets of every kind"), opens: unixOpens},
		{id: "unix.abstract", look: byNamespace(ns.Network, "the host's abstract names"), opens: unixHostOpens},
		{id: "unix.reachable", look: lookReachable, opens: unixHostOpens},

		{id: "escape.setns-fd", look: lookReentry, opens: hostNamespace(ns.Network)},
		{id: "escape.setns-proc", look: lookReentry, opens: hostNamespace(ns.Network)},
		{id: "escape.pidfd", look: lookReentry, opens: hostNamespace(ns.Network)},
		{id: "escape.nsfs-handle", look: lookReentry, opens: hostNamespace(ns.Network)},
		{id: "escape.connect", look: lookConnect, opens: hostNamespace(ns.Network)},

		{id: "host.coredump", look: lookCore, alone: true},
		{id: "host.dmesg", look: lookLog},
		{id: "evidence.disagree", look: judgeDisagreeOutside, judge: judgeDisagreeOutside},
	}
}

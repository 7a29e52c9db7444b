package audit

// channels are the rows of the security model's tables that no rule covers. A
// row goes when its rule comes: a test holds the two lists apart.
var channels = [...]Channel{
	// Descriptors: their numbers and kinds are examined, what they lead to is not.
	{"fd.socket-namespace", "network namespace of a kept socket", "SO_NETNS_COOKIE of a socket among the kept descriptors is not compared"},
	{"fd.directory", "kept directory or O_PATH descriptor", "a directory is not told from a file among the kept descriptors; it leads to the file system it was opened on"},
	{"fd.tun", "kept tun or packet device", "a kept descriptor is listed by its path, not asked for its interface"},
	{"fd.pidfd", "kept pidfd", "a kept pidfd is listed as an anonymous inode, not resolved to its process"},
	{"fd.io-uring", "kept io_uring", "a kept ring is listed as an anonymous inode; its poll thread would keep the caller's network"},
	{"fd.shared-memory", "kept memfd, eventfd or pipe", "what the other end of a kept descriptor is open in is not told"},
	{"fd.helper", "descriptors of other processes in the jail", "of the processes in the jail's user namespace only the reaper and the command are read"},

	// Sockets and system calls beyond what the filter's probes try.
	{"net.proc", "connection tables of host processes", "/proc/PID/net of a visible host process is readable"},
	{"seccomp.i386", "32-bit system calls", "the filter kills whoever makes one; int 0x80 and the x32 table are not tried at the start"},

	// Other processes.
	{"proc.ptrace", "ptrace, process_vm_readv and /proc/PID/mem", "not tried on a host process; the user namespace is what forbids it"},
	{"proc.links", "/proc/PID/fd, root and cwd of host processes", "not tried; the user namespace is what forbids it"},
	{"proc.prlimit", "prlimit", "not tried on a host process; only a new PID namespace closes it for the same uid"},
	{"proc.peer-pidfd", "pidfd of a socket's peer", "SO_PEERPIDFD of a reachable host daemon is not tried"},
	{"proc.enter", "processes that enter the jail", "this version has no command that enters a jail, and sees nobody else's"},
	{"proc.signals", "ignored and blocked signals", "what the command inherits of them is not compared with what netjail was started with"},

	// Namespaces beyond identity.
	{"escape.pidfd", "setns by a pidfd", "not tried; it asks for the same capability as the tries that are made"},
	{"escape.siocgskns", "namespace of an inherited socket", "SIOCGSKNS is not tried on a kept socket"},

	// The host's own side effects.
	{"ids.fsuid", "file system ids", "the kernel sets them with the effective ids; they are not read"},
	{"host.coredump", "core dump helper", "a pipe or socket in core_pattern gets the command's memory outside the jail; with RLIMIT_CORE 1 a pipe does not, unless the command lowers that to 0 first"},
	{"host.dmesg", "crash line in the kernel log", "each crash writes some bytes to the host's log"},
}

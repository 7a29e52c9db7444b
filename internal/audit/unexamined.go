package audit

// channels are the rows of the security model's tables that no rule covers. A
// row goes when its rule comes: a test holds the two lists apart.
var channels = [...]Channel{
	// Descriptors of other processes.
	{"fd.helper", "descriptors of other processes in the jail", "of the processes in the jail's user namespace only the reaper and the command are read"},

	// Sockets and system calls beyond what the filter's probes try.
	{"net.loopback-services", "services on the host's loopback", "only netjail's own TCP listener is tried, and only in a full audit"},
	{"net.proc", "connection tables of host processes", "/proc/PID/net of a visible host process is readable"},
	{"seccomp.i386", "32-bit system calls", "the filter kills whoever makes one; int 0x80 and the x32 table are not tried at the start"},

	// Shared memory.
	{"ipc.sysv", "System V shared memory, semaphores and messages", "closed by a new IPC namespace, and not tried"},
	{"ipc.mqueue", "POSIX message queues", "closed by a new IPC namespace, and not tried"},

	// Other processes.
	{"proc.ptrace", "ptrace, process_vm_readv and /proc/PID/mem", "not tried on a host process; the user namespace is what forbids it"},
	{"proc.links", "/proc/PID/fd, root and cwd of host processes", "not tried; the user namespace is what forbids it"},
	{"proc.prlimit", "prlimit", "not tried on a host process; only a new PID namespace closes it for the same uid"},
	{"proc.enter", "processes that enter the jail", "this version has no command that enters a jail, and sees nobody else's"},

	// Namespaces beyond identity.
	{"escape.pidfd", "setns by a pidfd", "not tried; it asks for the same capability as the tries that are made"},
	{"escape.siocgskns", "namespace of an inherited socket", "SIOCGSKNS is not tried on a kept socket"},
}

package evidence

import "github.com/netjail/netjail/internal/inet"

// Bait is something that netjail has made on the host for this audit, and what
// became of it.
type Bait struct {
	// Name is a path, or what it is.
	Name string
	// Control is true where netjail itself reached it.
	Control bool
	// Arrived is what reached it of the jailed process's.
	Arrived int
	// Number is a key's; 0 for anything else.
	Number Serial
}

// Service is one of netjail's listeners on an address of the host's.
type Service struct {
	Address  inet.AddrPort
	Datagram bool // UDP; else TCP
	// Control is true where netjail's own connection, or datagram, arrived.
	Control bool
	// Arrived is the number of connections that arrived, whoever made them, or of
	// datagrams with the token.
	Arrived int
}

// Services are netjail's listeners on the addresses of its network namespace.
type Services struct {
	List []Service
	// Addresses is the number of addresses with a listener, and Left that of those
	// that were too many.
	Addresses, Left int
	// Unbound are those that the kernel lets nobody listen on, each with the errno.
	Unbound []string
}

// Baits is what a full audit has put out, beside Evidence.Listener and
// Evidence.Unix. What could not be made has no entry, and is told in Without.
type Baits struct {
	Services Services
	// SysV are a segment of shared memory, a set of semaphores and a queue of
	// messages, in this order.
	SysV []Bait
	// Queue is a POSIX message queue, Memory a file in /dev/shm, Key a key; nil for
	// none.
	Queue, Memory, Key *Bait
	FIFOs              []Bait
	// Compat is the control of Tries.Compat and Tries.X32; nil where this machine has
	// no such calls.
	Compat *Compat
	// Without says why there is none, by what is missing: "services", "sysv",
	// "queue", "memory", "key", "fifos".
	Without map[string]Lack
}

// Lack is why a bait could not be made. NoCall says that the kernel does not have
// the system call.
type Lack struct {
	Why    string
	NoCall bool
}

package seccomp

// Options is what a profile leaves open. The zero value refuses most.
type Options struct {
	// HostFamilies says that no socket family is refused, AF_UNIX apart.
	// Families is then not read.
	HostFamilies bool
	// Families are the numbers (AF_*, linux/socket.h) that socket(2) may make,
	// ascending, without AF_UNIX, which Unix decides; if it is there, it is
	// not read. AF_NETLINK means NETLINK_ROUTE alone.
	Families []uint8
	// Unix says whether socket(2) may make AF_UNIX. A filter sees no address, so
	// which sockets those then reach is the affair of the mounts and of the
	// network namespace.
	Unix bool
	// Nested says whether user namespaces may be made inside, and with them
	// the mounts and namespaces that they allow.
	Nested bool
}

// has says whether the family is listed.
func (o *Options) has(family uint8) bool {
	for _, f := range o.Families {
		if f == family {
			return true
		}
	}
	return false
}

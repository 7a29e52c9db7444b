package evidence

// Place is where a process stands: its working directory, or its root.
type Place struct {
	// Path is what the link of /proc/PID says: the way from the root of the
	// process's mount namespace.
	Path string
	// Mount is the ID of the mount that the place lies on: that of a line of the
	// process's own mountinfo, unless the place is out of its reach.
	Mount int
}

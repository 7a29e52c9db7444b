package audit

// channels are the rows of the security model's tables that no rule covers. A
// row goes when its rule comes: a test holds the two lists apart.
var channels = [...]Channel{
	// Descriptors of other processes.
	{"fd.helper", "descriptors of other processes in the jail", "of the processes in the jail's user namespace only the reaper and the command are read"},

	// Other processes.
	{"proc.enter", "processes that enter the jail", "this version has no command that enters a jail, and sees nobody else's"},
}

// Package ns is the table of Linux namespace kinds: their names in a profile,
// in /proc/PID/ns and in clone(2). Source: namespaces(7), clone(2).
package ns

// Kind is one kind of namespace.
type Kind uint8

// The kinds that a profile can name, in the order in which they are reported.
const (
	User Kind = iota
	Network
	Mount
	PID
	IPC
	UTS
	Cgroup
	Time
	count
)

type row struct {
	name string  // the key below `namespaces` in a profile, as in OCI
	proc string  // the link below /proc/PID/ns
	flag uintptr // the CLONE_NEW* bit
	text string  // the name of that bit
}

var table = [count]row{
	User:    {"user", "user", 0x10000000, "CLONE_NEWUSER"},
	Network: {"network", "net", 0x40000000, "CLONE_NEWNET"},
	Mount:   {"mount", "mnt", 0x00020000, "CLONE_NEWNS"},
	PID:     {"pid", "pid", 0x20000000, "CLONE_NEWPID"},
	IPC:     {"ipc", "ipc", 0x08000000, "CLONE_NEWIPC"},
	UTS:     {"uts", "uts", 0x04000000, "CLONE_NEWUTS"},
	Cgroup:  {"cgroup", "cgroup", 0x02000000, "CLONE_NEWCGROUP"},
	Time:    {"time", "time", 0x00000080, "CLONE_NEWTIME"},
}

// Count is the number of kinds; the kinds are 0 to Count-1.
const Count = int(count)

// All lists every kind in report order.
func All() [Count]Kind {
	var all [Count]Kind
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// String is the name of the key below `namespaces` in a profile.
func (k Kind) String() string { return table[k].name }

// Link is the name of the link below /proc/PID/ns.
func (k Kind) Link() string { return table[k].proc }

// CloneFlag is the CLONE_NEW* bit that makes a new namespace of this kind.
func (k Kind) CloneFlag() uintptr { return table[k].flag }

// FlagName is the name of CloneFlag in clone(2).
func (k Kind) FlagName() string { return table[k].text }

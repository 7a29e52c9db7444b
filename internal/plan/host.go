package plan

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/seccomp"
	"github.com/netjail/netjail/internal/tree"
)

// Host is what Build needs to know of the machine and of netjail itself: a
// snapshot, taken before, so that Build stays pure.
type Host struct {
	// PID is netjail's process id.
	PID int
	// UID and GID are netjail's real ids, Groups its supplementary groups.
	UID, GID uint32
	Groups   []uint32
	// Landlock is the version of it that the kernel has, 0 for none. It is read where
	// WantsScopes.
	Landlock int
	// Caps is netjail's effective set.
	Caps caps.Set
	// Hostname is the host's.
	Hostname string
	// LastCap is the number of the kernel's last capability.
	LastCap int
	// RootRange is the range of ids that stands for root outside; its Size is
	// 0 where none could be found, and RootRangeWhy then says why.
	RootRange    Range
	RootRangeWhy string
	// SubUIDs and SubGIDs are the caller's subordinate ids; UIDMapper and GIDMapper
	// the programs that put them into a map. They are read where the profile asks
	// for such ids, the programs for an ordinary user.
	SubUIDs, SubGIDs     Subordinate
	UIDMapper, GIDMapper Mapper
	// Claims are the ids of accounts and groups and everybody's subordinate ones,
	// read where a map may hold more than the caller's own; ClaimsWhy says why they
	// are not known.
	Claims    []Claim
	ClaimsWhy string
	// Joined are the namespaces that the profile joins, by their kind.
	Joined [ns.Count]Joined
	// TimeWhy says why a new time namespace is not to be had; empty where it is, or
	// where the profile asks for none.
	TimeWhy string
	// Missing says why namespaces that the profile prefers are not to be had; empty
	// for those that are, and for those that it does not prefer.
	Missing [ns.Count]string
	// ClosedFDs are the descriptors of the profile's inheritFds that netjail
	// was started without.
	ClosedFDs []int
	// Streams are the descriptors 0 to 2.
	Streams [StreamCount]Stream
	// NamedFDs are descriptors that the command's arguments name as files
	// (/dev/fd/N) and that netjail was started with.
	NamedFDs []NamedFD
	// Arch is the architecture whose system calls the filter is for.
	Arch seccomp.Arch
	// FDBase is the number of the first of the FDs() descriptors that the set-up
	// needs; none of them is open in netjail.
	FDBase int
	// NoFile is RLIMIT_NOFILE as netjail was started with.
	NoFile Limit
	// Limits are the caller's limits of the resources that the profile sets, by
	// their number. The others are not read.
	Limits [LimitCount]Limit
	// Ignored are the signals that were ignored when netjail was started, bit
	// n-1 for signal n; Blocked is its signal mask in the same form. IgnoredKnown is
	// false where netjail was linked without the entry point that sees them.
	Ignored, Blocked uint64
	IgnoredKnown     bool
	// Tree is what the command sees as its files; nil where that was refused, and
	// TreeRefused then says why.
	Tree        *tree.Layout
	TreeRefused *tree.Refusals
}

// FDCount is the number of descriptors that the runner puts at Host.FDBase, in
// the order of FD. Behind them come those of the mounts that netjail makes ahead.
const FDCount = 4 + StreamCount + 2

// FDs is how many descriptors of the set-up have numbers from FDBase on.
func (h *Host) FDs() int { return FDCount + h.mounts() + len(h.owners()) }

// ChildFDs is how many of them, the first, the child gets.
func (h *Host) ChildFDs() int { return FDCount + h.mounts() }

// CommandAlone says whether of all that lies beside the command's file the jail has
// only the file: neither the root nor a key shows its directory.
func (h *Host) CommandAlone() bool {
	if h.Tree == nil {
		return false
	}
	for i := range h.Tree.Entries {
		if e := &h.Tree.Entries[i]; e.Kind == tree.Bind && e.Why == tree.WhyCommand {
			return true
		}
	}
	return false
}

// FD is a descriptor of the set-up. All of them are close-on-exec.
type FD int

// The descriptors of the set-up, as offsets from Host.FDBase.
const (
	FDGate    FD = iota // the child's end of the gate: a sequenced-packet socket to netjail
	FDStatus            // pid 1's end of the status channel, the same kind of socket
	FDReaper            // the reaper's program
	FDHostNet           // netjail's network namespace, for the attempt to enter it
	FDStream            // and the two behind it: what takes the place of 0, 1 and 2

	FDVictim     = FDStream + StreamCount // a pidfd of Options.Victim, for the attempts that it is good for
	FDHostSocket = FDVictim + 1           // a socket of netjail's network namespace, likewise
)

// NamedFD is a descriptor that an argument names as a file.
type NamedFD struct {
	Number int
	Text   string // the argument
}

// Limit is a resource limit.
type Limit struct{ Soft, Hard uint64 }

// LimitCount is the number of resources: RLIM_NLIMITS of asm-generic/resource.h.
const LimitCount = 16

// Command is what runs in the jail.
type Command struct {
	Path string // absolute, or relative to the working directory
	// Before are files that are tried before Path: where the mount namespace is joined,
	// only the process that is in it finds out which of them there are.
	Before []string
	Argv   []string // with argv[0]
	Env    []string // NAME=value
}

// Options choose what a plan holds beyond the policy.
type Options struct {
	// Full adds the dear attempts.
	Full bool
	// Listener is the port of netjail's canary on 127.0.0.1 of the host; 0 for
	// none. It is used with Full.
	Listener uint16
	// Unix are netjail's canaries among the unix sockets. They are used with Full.
	Unix []UnixTarget
	// Victim is netjail's process outside the jail; nil for none. It is used with
	// Full.
	Victim *Victim
	// NetHandle is the handle of netjail's network namespace; nil where the kernel
	// has no handles of namespaces (before Linux 6.18). It is used with Victim.
	NetHandle *Handle
	// Baits are what else the child is to try; nil for nothing. They are used with
	// Full.
	Baits *Baits
	// Late says that some of Unix, and the key of Baits, are made while the child
	// waits for them behind its mounts. It is used with Full.
	Late bool
}

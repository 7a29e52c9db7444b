// Package policy reads a netjail/v1 profile: bytes become a Document whose
// nodes carry positions, and a Document becomes a Policy, in which every key
// has a value.
package policy

import (
	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
)

// Policy is a resolved profile. It is not changed after Compile.
//
// Every field's zero value is the strictest one, so that a field that somebody
// forgot to fill denies; Default, not the zero Policy, holds the documented
// defaults.
type Policy struct {
	// Name and Description are free text for people.
	Name        string
	Description string

	// Namespaces says for each kind whether the command gets a new one.
	Namespaces [ns.Count]NamespaceMode
	// Joined are the files of the namespaces that are joined: a link such as
	// /proc/PID/ns/net, or a file that one is bound to. Empty where the mode is
	// not NamespaceJoin.
	Joined [ns.Count]string

	// UIDMappings and GIDMappings are the maps of the new user namespace. They
	// mean nothing when the user namespace is the host's.
	UIDMappings Mappings
	GIDMappings Mappings
	// Setgroups is what /proc/PID/setgroups holds before gid_map is written.
	Setgroups Setgroups
	// AcceptsHostRoot lets a command of root's start although it is the host's root:
	// without a new user namespace, or with 0 mapped to 0.
	AcceptsHostRoot bool

	Loopback     Loopback
	Capabilities Capabilities
	// NewPrivileges is true where the profile says `noNewPrivileges: false`.
	NewPrivileges bool

	Sockets Sockets
	// NestedUserNamespaces says whether the command may make user namespaces.
	NestedUserNamespaces Nesting

	Filesystem Filesystem
	Process    Process
	Audit      Audit

	// Prefer are the keys that may be missing on a host, sorted; all others hold or
	// the command does not start.
	Prefer []string
}

// NamespaceMode says where a namespace of the command comes from.
type NamespaceMode uint8

// The words of `namespaces.*`.
const (
	NamespaceNew  NamespaceMode = iota // new
	NamespaceHost                      // host
	NamespaceJoin                      // {join: PATH}
)

// New says whether the command gets a namespace of its own of this kind.
func (p *Policy) New(k ns.Kind) bool { return p.Namespaces[k] == NamespaceNew }

// MappingKind tells how a map is written in a profile.
type MappingKind uint8

// The forms of `uidMappings` and `gidMappings`.
const (
	MappingCaller      MappingKind = iota // caller
	MappingList                           // an OCI list
	MappingSubordinate                    // subordinate: the caller's range of /etc/subuid or /etc/subgid
)

// Mappings is `uidMappings` or `gidMappings`. List is empty unless Kind is
// MappingList.
type Mappings struct {
	Kind MappingKind
	List []IDMapping
}

// IDMapping is one line of a map, with the names of the OCI runtime
// specification. Ranges neither overlap nor overflow 32 bits.
type IDMapping struct {
	ContainerID uint32
	// HostID is the first id outside; it means nothing when HostCaller is set.
	HostID uint32
	// HostCaller stands for `hostID: caller`. Size is then 1.
	HostCaller bool
	Size       uint32 // at least 1
}

// Setgroups says whether the command may call setgroups(2).
type Setgroups uint8

// The words of `setgroups`.
const (
	SetgroupsDeny  Setgroups = iota // deny
	SetgroupsAllow                  // allow
)

// LinkState is the state of the loopback interface.
type LinkState uint8

// The words of `loopback`.
const (
	LinkDown LinkState = iota // down
	LinkUp                    // up
)

// Loopback is the declared state of `lo` in a new network namespace.
type Loopback struct {
	State LinkState
	// Addresses are exactly those that `lo` carries; nil leaves the choice to
	// the kernel (127.0.0.1/8, and ::1/128 where it has IPv6). All of them are
	// loopback addresses.
	Addresses []inet.Prefix
}

// Capabilities are the five sets as the command finds them at its first
// instruction. Host is the word `host`: netjail changes none of them.
type Capabilities struct {
	Host bool
	Sets caps.Sets
}

// Sockets is the key `sockets`.
type Sockets struct {
	// HostFamilies is the word `host`: no family is refused. Families is then
	// empty.
	HostFamilies bool
	// Families are the numbers (AF_*, linux/socket.h) of the families that
	// socket(2) may make, ascending, without AF_UNIX. AF_NETLINK means
	// NETLINK_ROUTE alone.
	Families []Family
	Unix     UnixSockets
	// UnixAllowed are the paths of the host's sockets that stay reachable; only
	// with UnixAllow.
	UnixAllowed []string
}

// Family is the number of a socket family.
type Family uint8

// UnixSockets says what becomes of AF_UNIX.
type UnixSockets uint8

// The words of `sockets.unix`. With deny, socketpair(2) works and nothing else.
const (
	UnixDeny     UnixSockets = iota // deny
	UnixIsolated                    // isolated: the jail's processes among themselves
	UnixAllow                       // {allow: […]}: as isolated, and the host's sockets that are named
	UnixHost                        // host
)

// Nesting says whether user namespaces may be made inside.
type Nesting uint8

// The words of `nestedUserNamespaces`.
const (
	NestingDeny  Nesting = iota // deny
	NestingAllow                // allow
)

// Filtered says whether the command runs under a system call filter: it does
// unless the profile leaves families, unix sockets, nesting and the terminal all
// open.
func (p *Policy) Filtered() bool {
	return !(p.Sockets.HostFamilies && p.Sockets.Unix == UnixHost && p.NestedUserNamespaces == NestingAllow &&
		p.Process.Terminal == TerminalHost)
}

// Filesystem is the key `filesystem`. Paths are as a profile writes them: they
// may begin with `~`, or be `.` or `project`; package tree resolves them.
type Filesystem struct {
	Root Root
	Home Home
	// Writable are host directories and files that the command shares with the
	// host, and may write.
	Writable []string
	// Protected are paths below those of Writable that stay read-only.
	Protected PathList
	// Hidden are paths that read as empty.
	Hidden PathList
	// Private are directories that are fresh and empty.
	Private []string
	Mounts  []Mount
}

// Root is what the command sees as its root directory.
type Root uint8

// The words of `filesystem.root`.
const (
	RootEmpty    Root = iota // empty: what mounts and writable name, and nothing else
	RootSystem               // system: /usr, /bin, /sbin, /lib*, /etc and /opt, read-only
	RootReadonly             // readonly: the host's tree, read-only
	RootHost                 // host: the caller's mounts
	RootJoined               // joined: those of the mount namespace that is joined
)

// Home is what the command sees of the caller's home directory.
type Home uint8

// The words of `filesystem.home`.
const (
	HomeHidden    Home = iota // hidden: an empty directory in memory
	HomeReadonly              // readonly
	HomeEphemeral             // ephemeral: a copy-on-write view, discarded at the end
	HomeHost                  // host: as it is, and writable where the caller may write
	HomeJoined                // joined: what there is of it in the mount namespace that is joined
)

// PathListKind tells how a list of paths is written.
type PathListKind uint8

// The forms of `filesystem.hidden` and `filesystem.protected`.
const (
	PathsStandard PathListKind = iota // standard: the lists of package tree
	PathsNone                         // none
	PathsListed                       // a list
)

// PathList is `filesystem.hidden` or `filesystem.protected`. List is empty
// unless Kind is PathsListed.
type PathList struct {
	Kind PathListKind
	List []string
}

// Mount is one item of `filesystem.mounts`, with the names of the OCI runtime
// specification.
type Mount struct {
	Destination string // absolute, or below `~`
	// Type is `bind` or `tmpfs`.
	Type string
	// Source is what a bind shows; empty for a tmpfs.
	Source string
	// Options are those of mount(8) that netjail knows, in the profile's order.
	Options []string
}

// Process is the key `process`.
type Process struct {
	Environment Environment
	// InheritFDs are the descriptors that stay open, ascending, without
	// repetition.
	InheritFDs []int
	// OutliveParent is true where the profile says `dieWithParent: false`.
	OutliveParent bool
	// Hostname is empty for `host`.
	Hostname string
	// StdioSockets says what becomes of a socket among descriptors 0 to 2, and
	// Terminal what becomes of a terminal.
	StdioSockets StdioSockets
	Terminal     Terminal
	// Rlimits are in the order of their numbers; none for `inherited`. For these, and for
	// Umask and Timeout, the zero value is what a caller has without netjail: there
	// is no strictest.
	Rlimits   []Rlimit
	CoreDumps CoreDumps
	Umask     Umask
	Keyring   Keyring
	Timeout   Seconds // 0 for `none`
}

// Keyring says which session keyring the command has.
type Keyring uint8

// The words of `process.keyring`.
const (
	KeyringNew  Keyring = iota // new
	KeyringHost                // host
)

// CoreDumps says what becomes of the memory of a command that crashes.
type CoreDumps uint8

// The words of `process.coreDumps`.
const (
	CoreDumpsDeny      CoreDumps = iota // deny
	CoreDumpsInherited                  // inherited: RLIMIT_CORE is the caller's, or the one of Rlimits
)

// StdioSockets says what becomes of a socket among descriptors 0 to 2.
type StdioSockets uint8

// The words of `process.stdioSockets`.
const (
	StdioRefuse StdioSockets = iota // refuse
	StdioRelay                      // relay: a pipe for each direction, and netjail between
	StdioPass                       // pass
)

// Terminal says what becomes of the caller's terminal.
type Terminal uint8

// The words of `process.terminal`.
const (
	TerminalIsolated Terminal = iota // isolated
	TerminalHost                     // host
)

// Environment says which variables the command gets.
type Environment struct {
	// Pass are names or globs (`LC_*`, `*`) of variables taken from the caller.
	Pass []string
	// Set are variables with the values given here; they win over Pass. Sorted
	// by name.
	Set []Variable
}

// Variable is one environment variable.
type Variable struct{ Name, Value string }

// AuditMode says what a failed check does.
type AuditMode uint8

// The words of `audit.mode`.
const (
	AuditEnforce AuditMode = iota // enforce: the command does not start
	AuditReport                   // report: it starts, and the report says so
)

// Audit is the key `audit`.
type Audit struct {
	Mode AuditMode
	// Waivers are sorted by check, of which each stands once.
	Waivers []Waiver
}

// Waiver is one item of `audit.waivers`: a check that may fail, and why.
type Waiver struct{ Check, Reason string }

// Package caps is the table of Linux capabilities, sets of them, and the
// readers of the five sets of a thread. Package library below it is the sole
// importer of gocapability.
//
// Source: capabilities(7), include/uapi/linux/capability.h.
package caps

import "strconv"

// Cap is one capability: its number in linux/capability.h. Numbers above Last
// are those of a kernel newer than this table; a Set holds numbers up to 63.
type Cap uint8

// The capabilities, up to Linux 5.9, which added the last of them.
const (
	Chown Cap = iota
	DACOverride
	DACReadSearch
	Fowner
	Fsetid
	Kill
	Setgid
	Setuid
	Setpcap
	LinuxImmutable
	NetBindService
	NetBroadcast
	NetAdmin
	NetRaw
	IPCLock
	IPCOwner
	SysModule
	SysRawio
	SysChroot
	SysPtrace
	SysPacct
	SysAdmin
	SysBoot
	SysNice
	SysResource
	SysTime
	SysTTYConfig
	Mknod
	Lease
	AuditWrite
	AuditControl
	Setfcap
	MACOverride
	MACAdmin
	Syslog
	WakeAlarm
	BlockSuspend
	AuditRead
	Perfmon
	BPF
	CheckpointRestore
)

// Last is the number of the highest capability that this table names. The
// running kernel's own is what LastCap reads.
const Last = 40

var names = [Last + 1]string{
	Chown:             "CAP_CHOWN",
	DACOverride:       "CAP_DAC_OVERRIDE",
	DACReadSearch:     "CAP_DAC_READ_SEARCH",
	Fowner:            "CAP_FOWNER",
	Fsetid:            "CAP_FSETID",
	Kill:              "CAP_KILL",
	Setgid:            "CAP_SETGID",
	Setuid:            "CAP_SETUID",
	Setpcap:           "CAP_SETPCAP",
	LinuxImmutable:    "CAP_LINUX_IMMUTABLE",
	NetBindService:    "CAP_NET_BIND_SERVICE",
	NetBroadcast:      "CAP_NET_BROADCAST",
	NetAdmin:          "CAP_NET_ADMIN",
	NetRaw:            "CAP_NET_RAW",
	IPCLock:           "CAP_IPC_LOCK",
	IPCOwner:          "CAP_IPC_OWNER",
	SysModule:         "CAP_SYS_MODULE",
	SysRawio:          "CAP_SYS_RAWIO",
	SysChroot:         "CAP_SYS_CHROOT",
	SysPtrace:         "CAP_SYS_PTRACE",
	SysPacct:          "CAP_SYS_PACCT",
	SysAdmin:          "CAP_SYS_ADMIN",
	SysBoot:           "CAP_SYS_BOOT",
	SysNice:           "CAP_SYS_NICE",
	SysResource:       "CAP_SYS_RESOURCE",
	SysTime:           "CAP_SYS_TIME",
	SysTTYConfig:      "CAP_SYS_TTY_CONFIG",
	Mknod:             "CAP_MKNOD",
	Lease:             "CAP_LEASE",
	AuditWrite:        "CAP_AUDIT_WRITE",
	AuditControl:      "CAP_AUDIT_CONTROL",
	Setfcap:           "CAP_SETFCAP",
	MACOverride:       "CAP_MAC_OVERRIDE",
	MACAdmin:          "CAP_MAC_ADMIN",
	Syslog:            "CAP_SYSLOG",
	WakeAlarm:         "CAP_WAKE_ALARM",
	BlockSuspend:      "CAP_BLOCK_SUSPEND",
	AuditRead:         "CAP_AUDIT_READ",
	Perfmon:           "CAP_PERFMON",
	BPF:               "CAP_BPF",
	CheckpointRestore: "CAP_CHECKPOINT_RESTORE",
}

// String is the name as in capabilities(7), e.g. "CAP_CHOWN"; a number that the
// table does not know is printed as it is, e.g. "41".
func (c Cap) String() string {
	if c > Last {
		return strconv.Itoa(int(c))
	}
	return names[c]
}

// ParseName finds a capability by its name as in capabilities(7), in upper case
// and with the prefix "CAP_". It knows neither numbers nor other spellings.
func ParseName(s string) (Cap, bool) {
	for i := range names {
		if names[i] == s {
			return Cap(i), true
		}
	}
	return 0, false
}

// Names lists every name of the table, by number.
func Names() []string { return append([]string(nil), names[:]...) }

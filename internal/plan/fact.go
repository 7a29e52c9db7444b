package plan

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/ns"
)

// Fact names what a reading of the child is about. The op that takes the
// reading carries the fact; package evidence knows how to decode it.
type Fact string

// The facts that the jailed process reads about itself before it becomes the
// command. Each comment gives the call and the shape of the answer.
const (
	FactCapget     Fact = "capget"       // capget(2): 24 bytes, two of {effective, permitted, inheritable} uint32
	FactSecurebits Fact = "securebits"   // PR_GET_SECUREBITS: result
	FactNoNewPrivs Fact = "no-new-privs" // PR_GET_NO_NEW_PRIVS: result
	FactSeccomp    Fact = "seccomp"      // PR_GET_SECCOMP: result
	FactDeathSig   Fact = "pdeathsig"    // PR_GET_PDEATHSIG: int32 in the buffer
	FactUIDs       Fact = "uids"         // getresuid(2): real, effective, saved uint32
	FactGIDs       Fact = "gids"         // getresgid(2): real, effective, saved uint32
	FactGroups     Fact = "groups"       // getgroups(2): result many uint32
	FactUIDMap     Fact = "uid-map"      // read of /proc/self/uid_map: result many bytes
	FactGIDMap     Fact = "gid-map"      // read of /proc/self/gid_map
	FactSetgroups  Fact = "setgroups"    // read of /proc/self/setgroups
	FactTimeOffset Fact = "time-offset"  // read of /proc/self/timens_offsets
	FactProcSelf   Fact = "proc-self"    // readlink(2) of /proc/self: result many digits, the process's number in that /proc's pid namespace
	FactUname      Fact = "uname"        // uname(2): struct utsname, 6 × 65 bytes
	FactPgrp       Fact = "pgrp"         // getpgid(0): result; 0 where the leader is outside the pid namespace
	FactSid        Fact = "sid"          // getsid(0): result; 0 where the leader is outside the pid namespace
	FactJoined     Fact = "keyring.new"  // KEYCTL_JOIN_SESSION_KEYRING: result, the serial number of the new session keyring
	FactKeyring    Fact = "keyring"      // KEYCTL_GET_KEYRING_ID of the session keyring: result, its serial number
	FactCwd        Fact = "cwd"          // getcwd(2): result many bytes, a path and a zero
	FactLinks      Fact = "links"        // RTM_GETLINK dump: result many bytes of netlink messages
	FactAddresses  Fact = "addresses"    // RTM_GETADDR dump
	FactRoutes     Fact = "routes"       // RTM_GETROUTE dump
)

// Facts of an op that is carried out once for each capability, from 0 on.
const (
	FactBounding Fact = "bounding" // PR_CAPBSET_READ: results, each 0 or 1
	FactAmbient  Fact = "ambient"  // PR_CAP_AMBIENT_IS_SET: results, each 0 or 1
)

// The attempts. Each is made with every capability of the new user namespace,
// which is more than the command will have, and each has a control that must
// succeed, so that a dead probe does not count as "blocked".
const (
	FactSetnsControl  Fact = "attempt.setns.control"   // setns(2) into its own network namespace: result, 0
	FactSetnsFD       Fact = "attempt.setns.fd"        // setns(2) by a descriptor of netjail's network namespace: result
	FactSetnsProcOpen Fact = "attempt.setns.proc.open" // openat(2) of /proc/<netjail>/ns/net: result
	FactSetnsProc     Fact = "attempt.setns.proc"      // setns(2) by that descriptor: result; EBADF where it did not open
	FactConnectSocket Fact = "attempt.connect.control" // socket(AF_INET, SOCK_STREAM): result, a descriptor
	FactConnect       Fact = "attempt.connect"         // connect(2) to netjail's listener on 127.0.0.1 of the host: result
)

// probePrefix begins the facts of the filter's probes.
const probePrefix = "probe."

// FactProbe is one attempt that the system call filter is to answer: result.
func FactProbe(name string) Fact { return Fact(probePrefix + name) }

// Probe is the name of the probe that a fact is about; ok is false for any other
// fact.
func (f Fact) Probe() (name string, ok bool) { return strings.CutPrefix(string(f), probePrefix) }

// FactLimit is prlimit64(2) of the resource of that number: struct rlimit64, the
// soft and the hard limit.
func FactLimit(resource int) Fact { return FactLimitPrefix + Fact(strconv.Itoa(resource)) }

// FactLimitPrefix begins every FactLimit.
const FactLimitPrefix Fact = "limit."

// FactNamespace is readlink(2) of /proc/self/ns/<kind>: result many bytes of
// text such as "net:[4026531833]".
func FactNamespace(k ns.Kind) Fact { return Fact("ns." + k.Link()) }

// FactNextTime is the same of /proc/self/ns/time_for_children, in the place of
// the fact of the time namespace where that was unshared: the command will be in
// it.
const FactNextTime Fact = "ns.time_for_children"

// FactNextPID is the same of /proc/self/ns/pid_for_children where the pid namespace is
// joined: the command will be in it.
const FactNextPID Fact = "ns.pid_for_children"

// Reading is the answer to one op of the child that carries a Fact.
type Reading struct {
	Fact Fact
	// Op is the index of the op in the plan.
	Op int
	// Done is false where the child never reached the op.
	Done bool
	// Result is what the call returned: negative is -errno.
	Result int64
	// Results are what each call returned, for an op that is carried out several
	// times; nil for all others. Result is then the last of them.
	Results []int64
	// Data is the buffer the kernel was to fill, whole. It was poisoned with
	// Poison beforehand.
	Data []byte
}

// Poison fills a buffer before the kernel writes to it, so that a call which
// claims success and writes nothing is seen.
const Poison = 0xA5

// Package host finds out what this machine and this process are: what Build
// needs to know beforehand, and why a step that failed did.
package host

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/early"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/seccomp"
	"github.com/netjail/netjail/internal/sys"
)

// Snapshot reads what plan.Build needs for p. command is the file that is to be
// executed, as seen from the working directory; empty where none is named.
//
// Preconditions: no signal is handled yet.
//
// Errors: netjail is set-user-ID or set-group-ID, which it must not be; /proc is
// another's, a *ProcError; or a fact cannot be read.
func Snapshot(p *policy.Policy, command string) (*plan.Host, error) {
	h := &plan.Host{PID: unix.Getpid(), UID: uint32(unix.Getuid()), GID: uint32(unix.Getgid())}
	if uint32(unix.Geteuid()) != h.UID || uint32(unix.Getegid()) != h.GID {
		return nil, errors.New("read the caller's ids: netjail runs set-user-ID or set-group-ID, which it is not made for")
	}
	if err := ownProc(h.PID); err != nil {
		return nil, err
	}
	if err := readIdentity(h); err != nil {
		return nil, err
	}
	var known bool
	if h.Arch, known = seccomp.Host(); !known {
		return nil, errors.New("find this machine's system calls: netjail knows those of amd64 and arm64")
	}
	h.ClosedFDs = closedFDs(p.Process.InheritFDs)
	h.Streams = streams(p.Process.InheritFDs)
	h.NoFile = plan.Limit(early.NoFile)
	h.Ignored, h.IgnoredKnown = early.Ignored()
	h.Blocked = sys.SignalMask()
	if p.New(ns.User) {
		readIDs(h, p)
	}
	readJoined(h, p)
	if plan.WantsScopes(p) {
		h.Landlock = sys.LandlockABI()
	}
	if p.New(ns.Time) {
		h.TimeWhy = timeWhy()
	}
	h.Missing = missing(p)
	if !early.NoFileKnown {
		return nil, errors.New("read RLIMIT_NOFILE: the kernel did not tell it")
	}
	if err := readLimits(h, p); err != nil {
		return nil, err
	}
	if err := layTree(h, p, command); err != nil {
		return nil, err
	}
	h.FDBase = freeBlock(p.Process.InheritFDs, h.FDs())
	return h, nil
}

// readIDs reads which ids a map may hold beside the caller's own. Most profiles of
// an ordinary user ask for none.
func readIDs(h *plan.Host, p *policy.Policy) {
	uids, gids := p.UIDMappings.Kind == policy.MappingSubordinate, p.GIDMappings.Kind == policy.MappingSubordinate
	if h.UID != 0 && !uids && !gids {
		return
	}
	c, err := readClaims(h.UID, readTable)
	if err != nil {
		h.ClaimsWhy, h.RootRangeWhy = err.Error(), err.Error()
		h.SubUIDs = plan.Subordinate{Why: err.Error(), Help: "correct what is wrong there"}
		h.SubGIDs = h.SubUIDs
		return
	}
	h.Claims = c.all
	if uids {
		k := idKind{"user", fileSubUID, "/proc/self/uid_map", h.UID}
		h.SubUIDs, h.UIDMapper = c.subordinateOf(k, h.UID, c.uids), mapper("/usr/bin/newuidmap", caps.Setuid)
	}
	if gids {
		k := idKind{"group", fileSubGID, "/proc/self/gid_map", h.GID}
		h.SubGIDs, h.GIDMapper = c.subordinateOf(k, h.UID, c.gids), mapper("/usr/bin/newgidmap", caps.Setgid)
	}
	if h.UID == 0 {
		h.RootRange, h.RootRangeWhy = rootRange(c.all)
	}
}

func readIdentity(h *plan.Host) error {
	groups, err := unix.Getgroups()
	if err != nil {
		return fmt.Errorf("read the caller's groups: %w", err)
	}
	for _, g := range groups {
		h.Groups = append(h.Groups, uint32(g))
	}
	if h.LastCap, err = caps.LastCap(); err != nil {
		return fmt.Errorf("read the kernel's last capability: %w", err)
	}
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return fmt.Errorf("read the host's name: %w", err)
	}
	h.Hostname = unix.ByteSliceToString(name.Nodename[:])
	sets, err := caps.Capget()
	if err != nil {
		return fmt.Errorf("read netjail's capabilities: %w", err)
	}
	h.Caps = sets.Effective
	return nil
}

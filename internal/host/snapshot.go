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

// Snapshot reads what plan.Build needs for p.
//
// Preconditions: no signal is handled yet.
//
// Errors: netjail is set-user-ID or set-group-ID, which it must not be; or a
// fact cannot be read.
func Snapshot(p *policy.Policy) (*plan.Host, error) {
	h := &plan.Host{PID: unix.Getpid(), UID: uint32(unix.Getuid()), GID: uint32(unix.Getgid())}
	if uint32(unix.Geteuid()) != h.UID || uint32(unix.Getegid()) != h.GID {
		return nil, errors.New("read the caller's ids: netjail runs set-user-ID or set-group-ID, which it is not made for")
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
	h.FDBase = freeBlock(p.Process.InheritFDs)
	h.NoFile = plan.Limit(early.NoFile)
	h.Ignored, _ = early.Ignored()
	h.Blocked = sys.SignalMask()
	if h.UID == 0 && p.New(ns.User) {
		h.RootRange, h.RootRangeWhy = rootRange()
	}
	if !early.NoFileKnown {
		return nil, errors.New("read RLIMIT_NOFILE: the kernel did not tell it")
	}
	return h, nil
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

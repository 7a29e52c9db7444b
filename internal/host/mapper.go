package host

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/plan"
)

// mapper looks at a program that writes maps, at the one place where it may be:
// what PATH finds could be anybody's.
//
// needs is the capability that it must be given by its file.
func mapper(path string, needs caps.Cap) plan.Mapper {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return plan.Mapper{
			Path: path, Why: "there is no " + path + ": " + err.Error(),
			Help: "install the package uidmap (Debian, Ubuntu), shadow-utils (Fedora) or shadow (Arch, SUSE)",
		}
	}
	reinstall := "install the package anew that holds it (uidmap, shadow-utils or shadow)"
	switch {
	case st.Mode&unix.S_IFMT != unix.S_IFREG || st.Uid != 0 || st.Mode&0o022 != 0:
		return plan.Mapper{Path: path, Why: path + " is not a file that only root can change", Help: reinstall}
	case st.Mode&unix.S_ISUID == 0 && !givesCapability(path, needs):
		return plan.Mapper{Path: path, Why: path + " is neither set-user-ID root nor has " + needs.String() + " by its file", Help: reinstall}
	}
	return plan.Mapper{Path: path, Why: unprivileged(path), Help: "run netjail where programs may gain privileges"}
}

// unprivileged says why a set-user-ID program would have no more privilege than
// netjail.
func unprivileged(path string) string {
	if on, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); err != nil || on != 0 {
		return "netjail runs under no_new_privs, so that " + path + " would gain no privilege"
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return "the mount of " + path + " cannot be read: " + err.Error()
	}
	if fs.Flags&unix.ST_NOSUID != 0 {
		return path + " lies on a mount with the option nosuid, so that it would gain no privilege"
	}
	return ""
}

// Parts of struct vfs_cap_data of linux/capability.h: its size from version 2 on,
// and of version 3, which says for which user namespace's root it is meant.
const (
	capDataSize  = 20
	capData3Size = 24
)

// givesCapability says whether a file gives a capability to whoever executes it.
// Source: capabilities(7), "File capabilities".
func givesCapability(path string, c caps.Cap) bool {
	var data [64]byte
	n, err := unix.Getxattr(path, "security.capability", data[:])
	if err != nil || n < capDataSize {
		return false
	}
	if n >= capData3Size && binary.LittleEndian.Uint32(data[20:]) != 0 {
		return false
	}
	effective := binary.LittleEndian.Uint32(data[:])&1 == 1
	return effective && binary.LittleEndian.Uint32(data[4:])>>c&1 == 1
}

package plan

import (
	"encoding/binary"
	"strconv"

	"github.com/netjail/netjail/internal/tree"
)

// Constants of mount(2), umount2(2), mount_setattr(2), fsopen(2), open_tree(2),
// move_mount(2), openat2(2) and statx(2), from linux/mount.h, linux/fcntl.h,
// linux/openat2.h and linux/stat.h.
var (
	msNosuid  = named("MS_NOSUID", 2)
	msNodev   = named("MS_NODEV", 4)
	msNoexec  = named("MS_NOEXEC", 8)
	msRec     = named("MS_REC", 0x4000)
	msPrivate = named("MS_PRIVATE", 1<<18)
	mntDetach = named("MNT_DETACH", 2)

	attrNosuid = named("MOUNT_ATTR_NOSUID", 2)
	attrNodev  = named("MOUNT_ATTR_NODEV", 4)

	fsopenCloexec  = named("FSOPEN_CLOEXEC", 1)
	fsmountCloexec = named("FSMOUNT_CLOEXEC", 1)
	fsconfigString = named("FSCONFIG_SET_STRING", 1)
	fsconfigCreate = named("FSCONFIG_CMD_CREATE", 6)

	openTreeClone = named("OPEN_TREE_CLONE|O_CLOEXEC", 1|0o2000000)
	moveFromFD    = named("MOVE_MOUNT_F_EMPTY_PATH", 4)
	moveFDs       = named("MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH", 4|0x40)

	atNoFollow  = named("AT_SYMLINK_NOFOLLOW", 0x100)
	atEmptyPath = named("AT_EMPTY_PATH", 0x1000)
	atRecursive = named("AT_RECURSIVE", 0x8000)
	atFD        = named("AT_EMPTY_PATH|AT_STATX_DONT_SYNC", 0x1000|0x4000)

	oCloexec = named("O_CLOEXEC", 0o2000000)
	statxID  = named("STATX_TYPE|STATX_MODE|STATX_INO", 1|2|0x100)

	statxOwners = named("STATX_UID|STATX_GID", 8|0x10)
)

// statxSize is the size of struct statx; the others are places in it.
const (
	statxSize = 256
	statxUID  = 20
	statxGID  = 24
	statxMode = 28
)

// Sizes of struct open_how and struct mount_attr.
const (
	openHowSize   = 24
	mountAttrSize = 32
)

// attributes are the names that mount(2) and mount_setattr(2) have for a mount's
// options, whose numbers are those of package tree.
var attributes = [...]struct{ mount, setattr string }{
	{"MS_RDONLY", "MOUNT_ATTR_RDONLY"},
	{"MS_NOSUID", "MOUNT_ATTR_NOSUID"},
	{"MS_NODEV", "MOUNT_ATTR_NODEV"},
	{"MS_NOEXEC", "MOUNT_ATTR_NOEXEC"},
}

// mountFlags are options as mount(2) takes them.
func mountFlags(o tree.Options) Arg {
	a := named("0", uint64(o))
	for i, names := range attributes {
		if o>>i&1 == 0 {
			continue
		}
		if a.Name == "0" {
			a.Name = names.mount
			continue
		}
		a.Name += "|" + names.mount
	}
	return a
}

// mountAttr is struct mount_attr with these options to set and none to clear.
func mountAttr(o tree.Options) Arg {
	b := make([]byte, mountAttrSize)
	binary.LittleEndian.PutUint64(b, uint64(o))
	return raw(b, "{"+attrNames(o)+"}")
}

// idmapAttr is mountAttr for an idmapped mount by the user namespace of a
// descriptor. Mount events stay out of it: it may be a copy of one that the host
// shares.
func idmapAttr(o tree.Options, users int) Arg {
	const idmap = 0x100000 // MOUNT_ATTR_IDMAP
	b := make([]byte, mountAttrSize)
	binary.LittleEndian.PutUint64(b, uint64(o)|idmap)
	binary.LittleEndian.PutUint64(b[16:], msPrivate.Value)
	binary.LittleEndian.PutUint64(b[24:], uint64(users))
	names := attrNames(o)
	if names != "" {
		names += "|"
	}
	return raw(b, "{"+names+"MOUNT_ATTR_IDMAP, MS_PRIVATE, userns_fd "+strconv.Itoa(users)+"}")
}

// attrNames are options as mount_setattr(2) names them.
func attrNames(o tree.Options) string {
	text := ""
	for i, names := range attributes {
		if o>>i&1 == 0 {
			continue
		}
		if text != "" {
			text += "|"
		}
		text += names.setattr
	}
	return text
}

// openHow is struct open_how for a descriptor that only stands for a file, and to
// which no symbolic link leads, nor any other detour. O_NOFOLLOW is not among the
// flags: it would let the path end in a link.
func openHow(beneath bool) Arg {
	const (
		stand    = 0o10000000 | 0o2000000 // O_PATH|O_CLOEXEC
		straight = 0x04 | 0x02            // RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS
		within   = 0x08                   // RESOLVE_BENEATH
	)
	b := make([]byte, openHowSize)
	binary.LittleEndian.PutUint64(b, stand)
	if beneath {
		binary.LittleEndian.PutUint64(b[16:], straight|within)
		return raw(b, "{O_PATH|O_CLOEXEC, RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH}")
	}
	binary.LittleEndian.PutUint64(b[16:], straight)
	return raw(b, "{O_PATH|O_CLOEXEC, RESOLVE_NO_SYMLINKS|RESOLVE_NO_MAGICLINKS}")
}

package plan

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/tree"
)

// options are the attributes of package tree with the kernel's numbers and names.
var kernelOptions = []struct {
	option        tree.Options
	mount         uint64
	setattr       uint64
	mountName     string
	mountAttrName string
}{
	{tree.ReadOnly, unix.MS_RDONLY, unix.MOUNT_ATTR_RDONLY, "MS_RDONLY", "MOUNT_ATTR_RDONLY"},
	{tree.Nosuid, unix.MS_NOSUID, unix.MOUNT_ATTR_NOSUID, "MS_NOSUID", "MOUNT_ATTR_NOSUID"},
	{tree.Nodev, unix.MS_NODEV, unix.MOUNT_ATTR_NODEV, "MS_NODEV", "MOUNT_ATTR_NODEV"},
	{tree.Noexec, unix.MS_NOEXEC, unix.MOUNT_ATTR_NOEXEC, "MS_NOEXEC", "MOUNT_ATTR_NOEXEC"},
}

// TestOptions: each set of options as mount(2) and as mount_setattr(2) have it.
func TestOptions(t *testing.T) {
	for set := range tree.Options(1 << len(kernelOptions)) {
		var mount, setattr uint64
		var mountNames, setattrNames []string
		for _, k := range kernelOptions {
			if set.Has(k.option) {
				mount, setattr = mount|k.mount, setattr|k.setattr
				mountNames, setattrNames = append(mountNames, k.mountName), append(setattrNames, k.mountAttrName)
			}
		}
		if set == 0 {
			mountNames = []string{"0"}
		}
		if a := mountFlags(set); a.Value != mount || a.Name != strings.Join(mountNames, "|") {
			t.Errorf("%d: mount(2) gets %#x, %s, want %#x", set, a.Value, a.Name, mount)
		}
		a := mountAttr(set)
		if b := a.Bytes(); len(b) != unix.MOUNT_ATTR_SIZE_VER0 || binary.LittleEndian.Uint64(b) != setattr {
			t.Errorf("%d: mount_setattr(2) gets %x, want %#x", set, b, setattr)
		}
		for i, b := range a.Bytes() {
			if i >= 8 && b != 0 {
				t.Errorf("%d: byte %d of struct mount_attr is %d", set, i, b)
			}
		}
		if want := "{" + strings.Join(setattrNames, "|") + "}"; a.Text() != want {
			t.Errorf("%d: %s, want %s", set, a.Text(), want)
		}
	}
}

// TestOpenHow spells out struct open_how.
func TestOpenHow(t *testing.T) {
	for _, c := range []struct {
		beneath bool
		resolve uint64
	}{
		{false, unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS},
		{true, unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_BENEATH},
	} {
		b := openHow(c.beneath)
		words := b.Bytes()
		if len(words) != unix.SizeofOpenHow {
			t.Fatalf("%d bytes", len(words))
		}
		at := func(i int) uint64 { return binary.LittleEndian.Uint64(words[8*i:]) }
		if at(0) != unix.O_PATH|unix.O_CLOEXEC || at(1) != 0 || at(2) != c.resolve {
			t.Errorf("%t: %x", c.beneath, words)
		}
	}
}

// TestNodeWords: a device's numbers are those that the C library makes of it.
func TestNodeWords(t *testing.T) {
	for _, device := range []uint64{0, 1, 0xfe00, unix.Mkdev(8, 1), unix.Mkdev(259, 300), unix.Mkdev(0, 1<<20-1), unix.Mkdev(1<<32-1, 1<<32-1)} {
		b := Block{Node: &tree.Node{Device: device, Inode: 1 << 40, Type: unix.S_IFDIR}}
		want := [3]uint64{uint64(unix.Major(device)) | uint64(unix.Minor(device))<<32, 1 << 40, unix.S_IFDIR}
		if got := b.NodeWords(); got != want {
			t.Errorf("%#x: %#x, want %#x", device, got, want)
		}
	}
}

// TestNodeText: what `netjail plan` prints of a file.
func TestNodeText(t *testing.T) {
	for _, c := range []struct {
		node tree.Node
		want string
	}{
		{tree.Node{Device: unix.Mkdev(254, 3), Inode: 7, Type: unix.S_IFDIR}, "directory 7 of 254:3"},
		{tree.Node{Inode: 7, Type: unix.S_IFREG}, "file 7 of 0:0"},
		{tree.Node{Type: unix.S_IFSOCK}, "socket 0 of 0:0"},
		{tree.Node{Type: unix.S_IFIFO}, "FIFO 0 of 0:0"},
		{tree.Node{Type: unix.S_IFCHR}, "character device 0 of 0:0"},
		{tree.Node{Type: unix.S_IFBLK}, "block device 0 of 0:0"},
		{tree.Node{Type: unix.S_IFLNK}, "symbolic link 0 of 0:0"},
		{tree.Node{}, "no file 0 of 0:0"},
	} {
		if got := nodeText(&c.node); got != c.want {
			t.Errorf("%+v: %q, want %q", c.node, got, c.want)
		}
	}
}

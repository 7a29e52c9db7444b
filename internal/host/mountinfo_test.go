package host

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/tree"
)

func TestParseMountInfo(t *testing.T) {
	text := `27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
28 27 0:25 /sub\040dir /mnt/a\040b\134c ro,nosuid,nodev,noexec,relatime shared:5 master:2 unbindable - fuse.sshfs me@host:/x rw,user_id=0
29 27 0:4 net:[4026532001] /run/netns/x rw - nsfs nsfs rw
30 29 0:26 / /tmp/tab\011nl\012hash\043 rw - tmpfs  rw,size=4k
`
	got, err := parseMountInfo(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []tree.MountPoint{
		{ID: 27, Parent: 1, Device: "254:0", Root: "/", Point: "/", Type: "ext4"},
		{ID: 28, Parent: 27, Device: "0:25", Root: "/sub dir", Point: `/mnt/a b\c`, Type: "fuse.sshfs", Options: tree.ReadOnly | tree.Nosuid | tree.Nodev | tree.Noexec},
		{ID: 29, Parent: 27, Device: "0:4", Root: "net:[4026532001]", Point: "/run/netns/x", Type: "nsfs"},
		{ID: 30, Parent: 29, Device: "0:26", Root: "/", Point: "/tmp/tab\tnl\nhash#", Type: "tmpfs"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseMountInfoRefuses(t *testing.T) {
	const good = "27 1 254:0 / /a rw shared:1 - ext4 /dev/vda rw\n"
	if _, err := parseMountInfo(good); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":                   "",
		"cut short":               strings.TrimSuffix(good, "\n"),
		"an empty line":           good + "\n",
		"no separator":            strings.Replace(good, " - ", " ", 1),
		"no source":               strings.Replace(good, " /dev/vda rw", "", 1),
		"no type":                 strings.Replace(good, "ext4", "", 1),
		"a number that is none":   strings.Replace(good, "27", "x", 1),
		"a number with a sign":    strings.Replace(good, "27", "+27", 1),
		"a number with a zero":    strings.Replace(good, "27", "027", 1),
		"a number that is large":  strings.Replace(good, "27", "2147483648", 1),
		"a parent that is none":   strings.Replace(good, "1 254", "-1 254", 1),
		"a device that is none":   strings.Replace(good, "254:0", "254", 1),
		"a device without minor":  strings.Replace(good, "254:0", "254:", 1),
		"a relative point":        strings.Replace(good, "/a", "a", 1),
		"a point with ..":         strings.Replace(good, "/a", "/a/../b", 1),
		"a point with two //":     strings.Replace(good, "/a", "//a", 1),
		"a point with a slash":    strings.Replace(good, "/a", "/a/", 1),
		"an escape that is short": strings.Replace(good, "/a", `/a\04`, 1),
		"an escape that is none":  strings.Replace(good, "/a", `/a\0x0`, 1),
		"an escape that is NUL":   strings.Replace(good, "/a", `/a\000`, 1),
		"a byte too large":        strings.Replace(good, "/a", `/a\777`, 1),
		"a root with an escape":   strings.Replace(good, "0 / /a", `0 /\0 /a`, 1),
		"a type with an escape":   strings.Replace(good, "ext4", `ext\4`, 1),
		"two blanks":              strings.Replace(good, "27 1", "27  1", 1),
		"a blank at the start":    " " + good,
	} {
		if got, err := parseMountInfo(text); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

// FuzzParseMountInfo: what is read is what the kernel can have meant.
func FuzzParseMountInfo(f *testing.F) {
	f.Add("27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n")
	f.Add("28 27 0:25 /sub\\040dir /mnt/a\\134 ro - fuse.x a b c\n27 1 254:0 / / rw - ext4 /dev/vda rw\n")
	f.Fuzz(func(t *testing.T, text string) {
		mounts, err := parseMountInfo(text)
		if err != nil {
			return
		}
		if len(mounts) != strings.Count(text, "\n") || len(mounts) == 0 {
			t.Errorf("%d mounts of %q", len(mounts), text)
		}
		for _, m := range mounts {
			if m.ID < 0 || m.Parent < 0 || m.Type == "" || !cleanPath(m.Point) || strings.Count(m.Device, ":") != 1 {
				t.Errorf("%+v", m)
			}
		}
	})
}

package host

import (
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

// TestParseMountInfoRefuses: the errors are those of package evidence, which has
// the cases.
func TestParseMountInfoRefuses(t *testing.T) {
	for _, text := range []string{"", "27 1 254:0 / /a rw shared:1 - ext4 /dev/vda rw", "27 1 254:0 / /a/ rw - ext4 /dev/vda rw\n"} {
		if got, err := parseMountInfo(text); err == nil {
			t.Errorf("%q: read as %+v", text, got)
		}
	}
}

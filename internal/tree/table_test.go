package tree

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestVisible: of mounts that lie over each other, only the topmost is reached.
func TestVisible(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mounts []MountPoint
		want   []string
	}{
		{"none", nil, nil},
		{
			"order does not matter",
			[]MountPoint{{ID: 3, Parent: 1, Point: "/b", Type: "x"}, {ID: 1, Parent: 0, Point: "/", Type: "r"}, {ID: 4, Parent: 1, Point: "/a", Type: "y"}},
			[]string{"r /", "y /a", "x /b"},
		},
		{
			"a stack",
			[]MountPoint{{ID: 1, Parent: 0, Point: "/", Type: "r"}, {ID: 2, Parent: 1, Point: "/a", Type: "x"}, {ID: 3, Parent: 2, Point: "/a", Type: "y"}, {ID: 4, Parent: 3, Point: "/a/b", Type: "z"}, {ID: 5, Parent: 2, Point: "/a/c", Type: "hidden"}},
			[]string{"r /", "y /a", "z /a/b"},
		},
		{
			"covered by a later one above",
			[]MountPoint{{ID: 1, Parent: 0, Point: "/", Type: "r"}, {ID: 2, Parent: 1, Point: "/a/b/c", Type: "hidden"}, {ID: 3, Parent: 1, Point: "/a", Type: "x"}, {ID: 4, Parent: 2, Point: "/a/b/c/d", Type: "hidden"}, {ID: 5, Parent: 1, Point: "/a-b", Type: "y"}},
			[]string{"r /", "x /a", "y /a-b"},
		},
		{
			"over the root",
			[]MountPoint{{ID: 1, Parent: 0, Point: "/", Type: "hidden"}, {ID: 2, Parent: 1, Point: "/a", Type: "hidden"}, {ID: 3, Parent: 1, Point: "/", Type: "r"}, {ID: 4, Parent: 3, Point: "/b", Type: "x"}},
			[]string{"r /", "x /b"},
		},
		{
			"the kernel's first lies on itself",
			[]MountPoint{{ID: 1, Parent: 1, Point: "/", Type: "rootfs"}, {ID: 2, Parent: 1, Point: "/proc", Type: "proc"}},
			[]string{"rootfs /", "proc /proc"},
		},
		{
			"the root of a chroot is no mount",
			[]MountPoint{{ID: 2, Parent: 1, Point: "/proc", Type: "proc"}, {ID: 3, Parent: 1, Point: "/dev", Type: "dev"}},
			[]string{"dev /dev", "proc /proc"},
		},
		{
			"in a circle, which no kernel has",
			[]MountPoint{{ID: 1, Parent: 2, Point: "/"}, {ID: 2, Parent: 1, Point: "/"}},
			nil,
		},
	} {
		table := newTable(tt.mounts)
		if table == nil {
			t.Errorf("%s: refused", tt.name)
			continue
		}
		var got []string
		for _, m := range table.points {
			got = append(got, m.Type+" "+m.Point)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if newTable([]MountPoint{{ID: 1}, {ID: 1}}) != nil {
		t.Error("two mounts of one number were accepted")
	}
}

func TestTableSearch(t *testing.T) {
	table := newTable(mountTable(t, "ext4 /\next4 /a\ntmpfs /a/b\ntmpfs /a-b/c"))
	for _, tt := range []struct{ path, at, holding, below string }{
		{"/", "/", "/", "/a"},
		{"/a", "/a", "/a", "/a/b"},
		{"/a/b", "/a/b", "/a/b", ""},
		{"/a/b/c", "", "/a/b", ""},
		{"/a-b", "", "/", "/a-b/c"},
		{"/a!", "", "/", ""},
		{"/z", "", "/", ""},
	} {
		for _, got := range []struct {
			what string
			m    *MountPoint
			want string
		}{{"at", table.at(tt.path), tt.at}, {"holding", table.holding(tt.path), tt.holding}, {"below", table.below(tt.path), tt.below}} {
			if point := pointOf(got.m); point != got.want {
				t.Errorf("%s %s: %q, want %q", got.what, tt.path, point, got.want)
			}
		}
	}
}

func pointOf(m *MountPoint) string {
	if m == nil {
		return ""
	}
	return m.Point
}

// TestNames: a file that is mounted at several places has several names.
func TestNames(t *testing.T) {
	table := newTable(mountTable(t, `
ext4 / dev=8:1
ext4 /data dev=8:2
ext4 /home dev=8:2 root=/home
ext4 /srv/me dev=8:2 root=/home/me
ext4 /other dev=8:3
tmpfs /srv/me/covered
`))
	for _, tt := range []struct {
		path string
		want []string
	}{
		{"/home/me/x", []string{"/data/home/me/x", "/srv/me/x"}},
		{"/data/home/you", []string{"/home/you"}},
		{"/data/other", nil},
		{"/home/me/covered/x", []string{"/data/home/me/covered/x"}},
		{"/etc", nil},
	} {
		if diff := cmp.Diff(tt.want, table.names(tt.path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.path, diff)
		}
	}
}

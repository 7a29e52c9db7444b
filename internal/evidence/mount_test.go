package evidence

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMountInfo(t *testing.T) {
	text := "23 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n" +
		"24 23 0:21 /sys /proc/sys ro,nosuid,nodev,noexec shared:5 master:2 - proc proc rw\n" +
		"25 23 0:22 /x\\040y//deleted /a\\040b\\011\\012\\134 rw,idmapped unbindable - fuse.a\\040b none ro\n" +
		"26 23 0:4 net:[4026532281] /run/netns/a rw - nsfs nsfs rw\n" +
		"27 23 0:40 / /usr ro,nosuid - overlay overlay ro,lowerdir=/e:/a\\054b,userxattr\n"
	got, err := ParseMountInfo(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []Mount{
		{23, 1, "254:0", "/", "/", 0, "ext4", "rw,discard", false, false},
		{24, 23, "0:21", "/sys", "/proc/sys", MountReadOnly | MountNosuid | MountNodev | MountNoexec, "proc", "rw", true, true},
		{25, 23, "0:22", "/x y//deleted", "/a b\t\n\\", MountIdmapped | SuperReadOnly, "fuse.a b", "ro", false, false},
		{26, 23, "0:4", "net:[4026532281]", "/run/netns/a", 0, "nsfs", "rw", false, false},
		{27, 23, "0:40", "/", "/usr", MountReadOnly | MountNosuid | SuperReadOnly, "overlay", `ro,lowerdir=/e:/a\054b,userxattr`, false, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseMountInfoRefuses(t *testing.T) {
	for _, text := range []string{
		"",
		"23 1 254:0 / / rw,relatime - ext4 /dev/vda rw", // cut short
		"23 1 254:0 / / rw,relatime ext4 /dev/vda rw\n",
		"23 1 254:0 / / rw,relatime shared:1\n",
		"23 1 254 / / rw - ext4 /dev/vda rw\n",
		"23 1 254: / / rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / relative rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / / relatime - ext4 /dev/vda rw\n",
		"23 1 254:0 / / - ext4 /dev/vda rw\n",
		"23 1 254:0 / / rw - ext4 /dev/vda\n",
		"23 1 254:0 / / rw - ext4 /dev/vda \n",
		"23 1 254:0  / rw - ext4 /dev/vda rw\n",
		"23 -1 254:0 / / rw - ext4 /dev/vda rw\n",
		"023 1 254:0 / / rw - ext4 /dev/vda rw\n",
		"23 99999999999 254:0 / / rw - ext4 /dev/vda rw\n",
		"23 4294967296 254:0 / / rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / / rw -  /dev/vda rw\n",
		"23 1 254:0 / / rw - ext4 /dev/vda rw\n\n",
		"+23 1 254:0 / / rw - ext4 /dev/vda rw\n",
		" 23 1 254:0 / / rw - ext4 /dev/vda rw\n",
		"23  1 254:0 / / rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /a/../b rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / //a rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /a/ rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /a\\04 rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /a\\0x0 rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /a\\000 rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /a\\777 rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / /\\057b rw - ext4 /dev/vda rw\n", // a slash that was not there
		"23 1 254:0 /\\0 / rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / / rw - ext\\4 /dev/vda rw\n",
	} {
		if got, err := ParseMountInfo(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	const good = "23 1 254:0 / / rw - ext4 /dev/vda rw\n"
	for text, want := range map[string]string{good + good + "x\n": "line 3: ", good + "x": "line 2: ", "x": "line 1: "} {
		if _, err := ParseMountInfo(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestMountOption(t *testing.T) {
	m := Mount{Super: `ro,lowerdir=/e:/a\054b\075c\134:d,userxattr,empty=`}
	for _, c := range []struct {
		name, value string
		ok          bool
	}{
		{"lowerdir", `/e:/a,b=c\:d`, true},
		{"userxattr", "", true},
		{"empty", "", true},
		{"ro", "", true},
		{"lower", "", false},
		{"upperdir", "", false},
		{"", "", false},
	} {
		if value, ok := m.Option(c.name); value != c.value || ok != c.ok {
			t.Errorf("%s: %q, %t", c.name, value, ok)
		}
	}
}

func TestMountWritable(t *testing.T) {
	for flags, want := range map[MountFlags]bool{
		0: true, MountNosuid | MountNodev: true, MountReadOnly: false, SuperReadOnly: false, MountReadOnly | SuperReadOnly: false,
	} {
		if got := (&Mount{Flags: flags}).Writable(); got != want {
			t.Errorf("%b: %t", flags, got)
		}
	}
	if f := MountNosuid | MountNodev; !f.Has(MountNosuid) || f.Has(MountNosuid|MountReadOnly) {
		t.Error("a set is confused about what it has")
	}
}

func TestUnescape(t *testing.T) {
	for escaped, want := range map[string]string{
		`plain`:      "plain",
		`\040`:       " ",
		`a\134040`:   `a\040`,
		`\377\001`:   "\xff\x01",
		`\400`:       `\400`, // no byte
		`\08`:        `\08`,
		`\`:          `\`,
		`\04`:        `\04`,
		`ü\012\011x`: "ü\n\tx",
	} {
		if got := unescape(escaped); got != want {
			t.Errorf("%q: %q, want %q", escaped, got, want)
		}
	}
}

// escape is what the kernel does to a text before it prints it.
func escape(s, special string) string {
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(special, s[i]) < 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte('\\')
		for shift := 6; shift >= 0; shift -= 3 {
			b.WriteByte('0' + s[i]>>shift&7)
		}
	}
	return b.String()
}

func FuzzMountInfo(f *testing.F) {
	f.Add("23 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n")
	f.Add("27 23 0:40 / /usr ro,nosuid - overlay overlay ro,lowerdir=/e:/a\\054b,userxattr\n")
	f.Add(" - \n")
	f.Fuzz(func(t *testing.T, text string) {
		mounts, err := ParseMountInfo(text)
		if err == nil && (len(mounts) == 0 || len(mounts) != strings.Count(text, "\n")) {
			t.Errorf("%d mounts of %q", len(mounts), text)
		}
		for _, m := range mounts {
			if path.Clean(m.Point) != m.Point || m.Point[0] != '/' || m.ID < 0 || strings.Count(m.Device, ":") != 1 || m.Type == "" || m.Root == "" || m.Device == "" {
				t.Errorf("half a line was accepted: %+v", m)
			}
			m.Option("lowerdir")
		}
	})
}

// FuzzMountPoint writes a line as the kernel does and reads it.
func FuzzMountPoint(f *testing.F) {
	f.Add("/a b", "/e:/x,y")
	f.Add("/\\040\n", "\\")
	f.Fuzz(func(t *testing.T, name, lower string) {
		if strings.ContainsRune(name+lower, 0) {
			return // no path has one
		}
		name = path.Clean("/" + name)
		line := "7 6 0:40 " + escape(name, " \t\n\\") + " " + escape(name, " \t\n\\") +
			" ro - overlay none ro,lowerdir=" + escape(lower, ",= \t\n\\") + ",userxattr\n"
		mounts, err := ParseMountInfo(line)
		if err != nil || len(mounts) != 1 {
			t.Fatalf("%q: %v", line, err)
		}
		m := mounts[0]
		if got, _ := m.Option("lowerdir"); m.Root != name || m.Point != name || got != lower {
			t.Errorf("%q was read as %+v", line, m)
		}
	})
}

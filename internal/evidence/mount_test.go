package evidence

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMountInfo(t *testing.T) {
	text := "23 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n" +
		"24 23 0:21 / /proc rw shared:5 master:2 - proc proc rw\n" +
		"25 23 0:22 / /a\\040b rw unbindable - tmpfs none rw\n"
	got, err := parseMountInfo([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []Mount{
		{"254:0", "/", "ext4", false},
		{"0:21", "/proc", "proc", true},
		{"0:22", `/a\040b`, "tmpfs", false},
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
		"23 1 254 / / rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / relative rw - ext4 /dev/vda rw\n",
		"23 1 254:0 / / - ext4 /dev/vda rw\n",
	} {
		if got, err := parseMountInfo([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func FuzzMountInfo(f *testing.F) {
	f.Add([]byte("23 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"))
	f.Add([]byte(" - \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		mounts, err := parseMountInfo(text)
		if err == nil && len(mounts) == 0 {
			t.Error("an empty table was accepted")
		}
	})
}

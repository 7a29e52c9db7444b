package policy

import (
	"regexp"
	"strings"
	"testing"
)

func TestMountNumbers(t *testing.T) {
	for _, test := range []struct {
		options string
		mode    uint32
		hasMode bool
		size    uint64
		hasSize bool
	}{
		{"", 0, false, 0, false},
		{"mode=0 size=1", 0, true, 1, true},
		{"ro mode=1777 size=64m", 0o1777, true, 64 << 20, true},
		{"mode=700", 0o700, true, 0, false},
		{"size=4k", 0, false, 4 << 10, true},
		{"size=9223372036854775807", 0, false, 1<<63 - 1, true},
		{"size=8589934591g", 0, false, 8589934591 << 30, true},
	} {
		m := Mount{Type: "tmpfs", Options: strings.Fields(test.options)}
		for _, o := range m.Options {
			if d := checkMountOption(o); d != nil {
				t.Errorf("%s: %+v", o, d)
			}
		}
		if mode, ok := m.Mode(); mode != test.mode || ok != test.hasMode {
			t.Errorf("%s: mode %o, %t", test.options, mode, ok)
		}
		if size, ok := m.Size(); size != test.size || ok != test.hasSize {
			t.Errorf("%s: size %d, %t", test.options, size, ok)
		}
	}
	for _, o := range strings.Fields("mode=2000 mode=4755 mode=07 mode=8 mode=-1 size=0 size=1K size=1kk size=+1 size=1_0 size=9223372036854775808 size=8589934592g size=1% suid dev none atime") {
		if checkMountOption(o) == nil {
			t.Error(o, "is accepted")
		}
	}
}

// A bind can be written only where the profile says so, a tmpfs where it does
// not say otherwise.
func TestMountReadOnly(t *testing.T) {
	for _, test := range []struct {
		mount Mount
		want  bool
	}{
		{Mount{Type: "bind"}, true},
		{Mount{Type: "bind", Options: []string{"rbind", "ro"}}, true},
		{Mount{Type: "bind", Options: []string{"rbind", "rw"}}, false},
		{Mount{Type: "tmpfs"}, false},
		{Mount{Type: "tmpfs", Options: []string{"rw"}}, false},
		{Mount{Type: "tmpfs", Options: []string{"ro"}}, true},
	} {
		if got := test.mount.ReadOnly(); got != test.want {
			t.Errorf("%+v: %t", test.mount, got)
		}
	}
}

// The schema's pattern and the decoder take the same options, but for numbers
// that only the decoder can weigh.
func FuzzMountOption(f *testing.F) {
	for i := range mountOptions {
		f.Add(mountOptions[i].name)
		f.Add(mountOptions[i].name + "700")
	}
	pattern := regexp.MustCompile(mountOptionPattern)
	f.Fuzz(func(t *testing.T, s string) {
		ok := checkMountOption(s) == nil
		if matches := pattern.MatchString(s); ok != matches && (ok || !strings.HasPrefix(s, "size=")) {
			t.Errorf("%q: accepted %t, by the schema %t", s, ok, matches)
		}
		o, value := optionOf(s)
		if ok && (o == nil || o.name+value != s) {
			t.Errorf("%q is read as %q and %q", s, o.name, value)
		}
	})
}

package cli

import (
	"strings"
	"testing"
)

func TestFromWorkdir(t *testing.T) {
	for _, tt := range []struct{ path, workdir, want string }{
		{"out", "/srv/app", "/srv/app/out"},
		{"./out/", "/srv/app", "/srv/app/out"},
		{"../out", "/srv/app", "/srv/out"},
		{"../../../out", "/srv/app", "/out"},
		{"..", "/srv/app", "/srv"},
		{"../..", "/srv/app", "/"},
		{"./.", "/srv/app", "/srv/app"},
		{"a/../b", "/srv/app", "/srv/app/a/../b"},
		{"out", "/", "/out"},
		{".", "/srv/app", "."},
		{"./", "/srv/app", "."},
		{"project", "/srv/app", "project"},
		{"./project", "/srv/app", "/srv/app/project"},
		{"~/x", "/srv/app", "~/x"},
		{"/x/", "/srv/app", "/x"},
		{"/", "/srv/app", "/"},
		{"", "/srv/app", ""},
		{"out", "", "out"},
		{"a//b", "/srv", "/srv/a//b"},
	} {
		if got := fromWorkdir(tt.path, tt.workdir); got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.path, tt.workdir, got, tt.want)
		}
	}
}

func TestDigestFlag(t *testing.T) {
	whole := "sha256:" + strings.Repeat("0a", 32)
	for text, ok := range map[string]bool{
		whole: true, "": false, "sha256:": false, whole[:60]: false, whole + "0": false, whole[7:]: false,
		strings.ToUpper(whole): false, "sha256:" + strings.Repeat("0A", 32): false, "sha512:" + whole[7:]: false, whole[:70] + "é": false,
	} {
		var f digestFlag
		if err := f.Set(text); (err == nil) != ok || ok && f.String() != text || !ok && f != "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

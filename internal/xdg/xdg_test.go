package xdg

import "testing"

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		home, config, data string
		want               Dirs
	}{
		{"/home/me", "", "", Dirs{"/home/me/.config/netjail", "/home/me/.local/share/netjail"}},
		{"/home/me/", "", "", Dirs{"/home/me/.config/netjail", "/home/me/.local/share/netjail"}},
		{"/", "", "", Dirs{"/.config/netjail", "/.local/share/netjail"}},
		{"/home/me", "/c/", "/d", Dirs{"/c/netjail", "/d/netjail"}},
		{"/home/me", "c", "./d", Dirs{"/home/me/.config/netjail", "/home/me/.local/share/netjail"}},
		{"", "/c", "", Dirs{"/c/netjail", ""}},
		{"", "", "", Dirs{}},
		{"home", "", "", Dirs{}},
	} {
		if got := Of(tt.home, tt.config, tt.data); got != tt.want {
			t.Errorf("%q %q %q: %+v, want %+v", tt.home, tt.config, tt.data, got, tt.want)
		}
	}
}

package evidence

import "testing"

func TestSettled(t *testing.T) {
	read := func(names int, changed int64) Fact[[]File] {
		return Known([]File{{Path: "/a", Exists: true, Names: 3, Changed: 1}, {Path: "/b", Exists: true, Names: names, Changed: changed}}, "here")
	}
	for name, test := range map[string]struct {
		first, second Fact[[]File]
		want          int
	}{
		"still":            {read(7, 5), read(7, 5), 7},
		"a name more":      {read(7, 5), read(8, 6), -1},
		"a name replaced":  {read(7, 5), read(7, 6), -1},
		"first not known":  {Unknown[[]File]("", "gone"), read(7, 5), 7},
		"second not known": {read(7, 5), Unknown[[]File]("", "gone"), 0},
	} {
		got := Settled(test.first, test.second)
		names := 0
		if got.Known {
			names = got.Value[1].Names
			if got.Value[0].Names != 3 {
				t.Errorf("%s: the other directory has %d names", name, got.Value[0].Names)
			}
		}
		if names != test.want {
			t.Errorf("%s: %d names, want %d", name, names, test.want)
		}
	}
}

package caps

import "testing"

func TestGetAndWith(t *testing.T) {
	sets := Sets{Inheritable: 1, Permitted: 2, Effective: 4, Bounding: 8, Ambient: 16}
	for i, k := range Kinds() {
		if got := sets.Get(k); got != 1<<i {
			t.Errorf("%s is %s", k, got.Hex())
		}
		changed := sets.With(k, 0)
		if changed.Get(k) != 0 || sets.Get(k) == 0 {
			t.Errorf("With(%s) gave %v and left %v", k, changed, sets)
		}
		if changed.With(k, 1<<i) != sets {
			t.Errorf("With(%s) changed another set", k)
		}
	}
}

func TestSetsString(t *testing.T) {
	got := Sets{Bounding: All, Ambient: Of(NetRaw)}.String()
	want := "inheritable none, permitted none, effective none, bounding all, ambient CAP_NET_RAW"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if Uniform(All).Get(Ambient) != All {
		t.Error("Uniform left a set out")
	}
}

func TestUnknownKindPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a sixth set was taken for one of the five")
		}
	}()
	Sets{}.Get(kinds)
}

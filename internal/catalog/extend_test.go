package catalog

import (
	"errors"
	"os"
	"testing"
)

func TestFrom(t *testing.T) {
	w := newWorld(t, "repo/.netjail/ci.yaml", "user/mine.yaml")
	c := w.at("repo")
	for _, tt := range []struct {
		from Place
		name string
		ok   bool
	}{
		{Project, "ci", true},
		{Project, "mine", true},
		{User, "ci", false},
		{User, "mine", true},
		{System, "mine", false},
		{BuiltIn, "offline", true},
		{System, "offline", true},
	} {
		var unknown *UnknownError
		if _, err := c.From(tt.from).Find(tt.name); (err == nil) != tt.ok || !tt.ok && !errors.As(err, &unknown) {
			t.Errorf("%s from %v: %v", tt.name, tt.from, err)
		}
	}
}

func TestPlaceOf(t *testing.T) {
	w := newWorld(t)
	for file, want := range map[string]Place{
		"repo/sub/.netjail/a.yaml": Project, "repo/other/a.yaml": Project, "repo/a.yaml": Project,
		"user/a.yaml": User, "system/a.yaml": System, "elsewhere/a.yaml": User, "repository/a.yaml": User, "user/sub/a.yaml": User,
	} {
		if got := w.at("repo/sub").PlaceOf(w.path(file)); got != want {
			t.Errorf("%s: %v, want %v", file, got, want)
		}
	}
}

func TestParent(t *testing.T) {
	w := newWorld(t, "user/common.yml")
	c := w.at("repo")
	if got, err := c.Parent(User, w.path("user/common.yml")); err != nil || string(got) != text {
		t.Errorf("%q, %v", got, err)
	}
	w.check(os.Chmod(w.path("user/common.yml"), 0o666))
	_, err := c.Parent(User, w.path("user/common.yml"))
	refusedFor(t, err, w.path("user/common.yml"), "others than its owner")
}

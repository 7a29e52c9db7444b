package tree

import (
	"errors"
	"slices"
	"testing"

	"github.com/netjail/netjail/internal/policy"
)

// TestRefusals: everything is found in one go, and nothing twice.
func TestRefusals(t *testing.T) {
	p := bare()
	p.Filesystem.Home = policy.HomeEphemeral
	p.Filesystem.Writable = []string{"/etc", "/srv/none", "/srv/none"}
	p.Filesystem.Private = []string{"/dev"}
	_, err := Lay(p, facts(t, "ext4 /home/me/src\n"), newHost(t, standardFiles))
	var all *Refusals
	if !errors.As(err, &all) {
		t.Fatalf("%T: %v", err, err)
	}
	var keys []string
	for _, r := range all.List {
		keys = append(keys, r.Key)
		if r.Cause == "" || r.Help == "" {
			t.Errorf("%+v", r)
		}
	}
	if want := []string{"filesystem.home", "filesystem.private", "filesystem.writable", "filesystem.writable"}; !slices.Equal(keys, want) {
		t.Errorf("%q, want %q", keys, want)
	}
	var one *Refusal
	if !errors.As(err, &one) || one != all.List[0] {
		t.Errorf("the first is %v", one)
	}
	if got := err.Error(); got != all.List[0].Error()+" (and 3 more)" {
		t.Error(got)
	}
	all.List = all.List[:1]
	if got := err.Error(); got != "filesystem.home: "+all.List[0].Cause {
		t.Error(got)
	}
}

func TestAsks(t *testing.T) {
	base := policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: none}
	for _, tt := range []struct {
		name   string
		change func(*policy.Filesystem)
		want   Needs
	}{
		{"nothing", func(*policy.Filesystem) {}, Needs{}},
		{"root", func(f *policy.Filesystem) { f.Root = policy.RootEmpty }, Needs{Anything: true}},
		{"home", func(f *policy.Filesystem) { f.Home = policy.HomeHidden }, Needs{true, true}},
		{"hidden", func(f *policy.Filesystem) { f.Hidden = standard }, Needs{true, true}},
		{"hidden list", func(f *policy.Filesystem) { f.Hidden = listed("/x") }, Needs{Anything: true}},
		{"hidden list in the home", func(f *policy.Filesystem) { f.Hidden = listed("/x", "~/x") }, Needs{true, true}},
		{"private", func(f *policy.Filesystem) { f.Private = []string{"/x"} }, Needs{Anything: true}},
		{"private in the home", func(f *policy.Filesystem) { f.Private = []string{"~/x"} }, Needs{true, true}},
		{"writable", func(f *policy.Filesystem) { f.Writable = []string{"/x"} }, Needs{true, true}},
		{"mounts", func(f *policy.Filesystem) { f.Mounts = []policy.Mount{{Destination: "/x", Source: "/y"}} }, Needs{Anything: true}},
		{"mounts in the home", func(f *policy.Filesystem) { f.Mounts = []policy.Mount{{Destination: "~/x", Source: "/y"}} }, Needs{true, true}},
		{"mounts of the home", func(f *policy.Filesystem) { f.Mounts = []policy.Mount{{Destination: "/x", Source: "~/y"}} }, Needs{true, true}},
	} {
		p := policy.Default()
		p.Filesystem = base
		tt.change(&p.Filesystem)
		if got := Asks(&p); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

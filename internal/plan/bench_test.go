package plan_test

import (
	"testing"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/profiles"
)

func BenchmarkBuild(b *testing.B) {
	p := plain(b)
	h := ordinaryUser()
	c := &plan.Command{Path: "/bin/true", Argv: []string{"true"}, Env: []string{"PATH=/bin", "HOME=/"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.Build(p, h, c, plan.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuildTree is BenchmarkBuild with an entry of every kind.
func BenchmarkBuildTree(b *testing.B) {
	profile, ok := profiles.Lookup("offline")
	if !ok {
		b.Fatal("no bundled profile offline")
	}
	h := ordinaryUser()
	h.Tree = wholeTree()
	c := &plan.Command{Path: "/bin/true", Argv: []string{"true"}, Env: []string{"PATH=/bin", "HOME=/"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.Build(profile.Policy, h, c, plan.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

package cli

import (
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/runner"
)

// Begun is a start that was begun before its plan: the child, which waits, and the
// watch over the mount table that the child has copied.
type Begun struct {
	child  *runner.Begun
	mounts *host.MountWatch // nil where mounts make no difference
}

// begin has a child made for the policy while the rest is still being found out;
// nil where that gains nothing.
func begin(p *policy.Policy) *Begun {
	o, ok := host.Outline(p)
	if !ok {
		return nil
	}
	b := &Begun{mounts: watch(p)}
	if b.child = runner.Begin(o); b.child == nil {
		b.mounts.Close()
		return nil
	}
	return b
}

// watch is over the caller's mounts, where what the command sees is made of them.
func watch(p *policy.Policy) *host.MountWatch {
	if !p.New(ns.Mount) {
		return nil
	}
	return host.WatchMounts()
}

// Abandon ends the child, if no start has taken it.
func (b *Begun) Abandon() error {
	if b == nil {
		return nil
	}
	b.mounts.Close()
	return b.child.Abandon()
}

// take gives a start what was begun, once.
func (b *Begun) take() (child *runner.Begun, mounts *host.MountWatch) {
	if b == nil {
		return nil, nil
	}
	mounts, b.mounts = b.mounts, nil
	return b.child, mounts
}

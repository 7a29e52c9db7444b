package cli

import (
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/runner"
)

// bait opens on the host what the dear attempts aim at. end takes it away.
func bait(o *runner.Options) (end func(), err error) {
	if o.Canary, err = runner.NewCanary(); err != nil {
		return nil, err
	}
	if o.Lures, err = runner.NewLures(host.Places()); err != nil {
		o.Canary.Close()
		return nil, err
	}
	if o.Prey, err = runner.NewPrey(); err != nil {
		o.Canary.Close()
		o.Lures.Close()
		return nil, err
	}
	if o.Baits, err = runner.NewBaits(host.Places()); err != nil {
		o.Canary.Close()
		o.Lures.Close()
		o.Prey.Close()
		return nil, err
	}
	o.NetHandle = runner.NewNetHandle()
	return func() {
		o.Canary.Close()
		o.Lures.Close()
		o.Prey.Close()
		o.Baits.Close()
	}, nil
}

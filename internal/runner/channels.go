package runner

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// channels are what netjail and its child talk by: netjail's own, and the child's in
// their places, which netjail closes behind the clone.
type channels struct {
	base   int // the number of the child's first
	gate   *sys.Channel
	status *sys.Channel // nil without a reaper
	placed []int        // of the child's, those that are open in netjail
}

// openChannels opens what the outline asks for. The reaper's program is netjail
// itself for a stage, or a copy of that. With an error as well, what was opened is in the result.
func openChannels(o *plan.Outline, stage, copied bool) (c *channels, err error) {
	c = &channels{base: o.FDBase}
	if c.gate, err = c.channel(plan.FDGate); err != nil {
		return c, err
	}
	if o.HostNet {
		fd, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return c, fmt.Errorf("open netjail's network namespace for the attempt to enter it: %w", err)
		}
		if err := c.place(plan.FDHostNet, fd); err != nil {
			return c, err
		}
	}
	if !o.Forks {
		return c, nil
	}
	if c.status, err = c.channel(plan.FDStatus); err != nil {
		return c, err
	}
	reaper, err := openReaper(stage, copied)
	if err != nil {
		return c, err
	}
	return c, c.place(plan.FDReaper, reaper)
}

func openReaper(stage, copied bool) (int, error) {
	if copied {
		return sys.OwnCopy(0)
	}
	return sys.ReaperFD(stage)
}

// channel makes a channel whose other end is the child's descriptor d.
func (c *channels) channel(d plan.FD) (*sys.Channel, error) {
	own, other, err := sys.NewChannel()
	if err != nil {
		return nil, err
	}
	return own, c.place(d, other)
}

// place gives a descriptor the number that the child knows it by.
func (c *channels) place(d plan.FD, fd int) error {
	defer unix.Close(fd)
	at := c.base + int(d)
	if err := unix.Dup3(fd, at, unix.O_CLOEXEC); err != nil {
		return fmt.Errorf("place descriptor %d: %w", at, err)
	}
	c.placed = append(c.placed, at)
	return nil
}

// passOn closes in netjail what the child has.
func (c *channels) passOn() {
	for _, fd := range c.placed {
		unix.Close(fd)
	}
	c.placed = nil
}

// setPatience bounds each wait.
func (c *channels) setPatience(d time.Duration) error {
	err := c.gate.SetPatience(d)
	if c.status != nil {
		err = errors.Join(err, c.status.SetPatience(d))
	}
	return err
}

// close closes netjail's own.
func (c *channels) close() error {
	if c == nil {
		return nil
	}
	return errors.Join(c.gate.Close(), c.status.Close())
}

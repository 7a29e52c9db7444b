package host

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// readLimits reads the caller's limits of the resources that the profile sets.
// The one on open files is not netjail's own any more.
func readLimits(h *plan.Host, p *policy.Policy) error {
	for _, l := range p.Process.Rlimits {
		if err := readLimit(h, l.Type); err != nil {
			return err
		}
	}
	if p.Process.CoreDumps == policy.CoreDumpsDeny {
		return readLimit(h, policy.RlimitCore)
	}
	return nil
}

func readLimit(h *plan.Host, t policy.RlimitType) error {
	if t == policy.RlimitNoFile {
		h.Limits[t] = h.NoFile
		return nil
	}
	var own unix.Rlimit
	if err := unix.Getrlimit(int(t), &own); err != nil {
		return fmt.Errorf("read %s: %w", t, err)
	}
	h.Limits[t] = plan.Limit{Soft: own.Cur, Hard: own.Max}
	return nil
}

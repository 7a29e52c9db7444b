package audit

import "github.com/netjail/netjail/internal/evidence"

var fsSysfs = Rule{
	ID:       "fs.sysfs",
	Proves:   "No sysfs is in the tree: one that was mounted outside lists the host's interfaces, addresses and counters, whatever the network namespace.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "set filesystem.root to system or readonly, which have no /sys, and name it in no mount",
	Key:      keyRoot,
	Judge: func(c *Case) Finding {
		return c.judgeTypes(Finding{}, "it shows the host's devices and interfaces", func(_ int, _ *mountTable, line *evidence.Mount) bool {
			return line.Type == "sysfs"
		})
	},
}

package audit

import "github.com/netjail/netjail/internal/evidence"

var fsCgroup = Rule{
	ID:       "fs.cgroup",
	Proves:   "No cgroup file system is in the tree: who may write there moves processes out of their limits, or names a program that the host executes.",
	Evidence: mountsEvidence,
	Control:  mountsControl,
	Remedy:   "set filesystem.root to system or readonly, which have no /sys, and name it in no mount",
	Key:      keyRoot,
	Judge: func(c *Case) Finding {
		return c.judgeTypes(Finding{}, "its files are the host's", func(_ int, _ *mountTable, line *evidence.Mount) bool {
			return line.Type == "cgroup" || line.Type == "cgroup2"
		})
	},
}

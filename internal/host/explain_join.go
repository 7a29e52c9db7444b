package host

import (
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// explainJoin says why a namespace could not be entered, or the child not made in
// those that were.
func explainJoin(name string, errno unix.Errno) (e Explanation, ok bool) {
	switch {
	case (name == plan.ProcForkOp || name == plan.EnterOp) && errno == unix.ENOMEM:
		return Explanation{
			"the pid namespace that is joined takes no processes any more: its first process has ended",
			"start the jail again that is to be joined",
		}, true
	case name == "pid.helper.check":
		return Explanation{
			"the process of netjail's that mounts /proc in the pid namespace that is joined did not end by itself: somebody in there has ended it",
			"see who lives in that namespace",
		}, true
	case name == plan.JoinCloneOp && errno != 0:
		return ExplainClone(errno, 0, false), true
	case strings.HasSuffix(name, ".open") && errno == unix.ENOENT:
		return Explanation{
			"it was there when netjail looked: the process whose namespace it is has ended since",
			"name a file that the namespace is bound to, or a process that lives longer",
		}, true
	case strings.HasSuffix(name, ".same") && errno == 0:
		return Explanation{
			"the path leads to another namespace than when netjail looked",
			"see who changes it",
		}, true
	case errno == unix.EPERM:
		return Explanation{
			"to enter a namespace takes CAP_SYS_ADMIN in the user namespace that owns it, and in the own one (setns(2))",
			"join the user namespace of the same jail as well, or run netjail as root",
		}, true
	}
	return Explanation{}, false
}

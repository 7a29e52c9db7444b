package host

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// TestExplainBounds: a quota, a filter or a kernel without keys, and a kernel that
// gives no timer; other errors speak for themselves.
func TestExplainBounds(t *testing.T) {
	for _, c := range []struct {
		op    string
		errno unix.Errno
		cause string // empty for none
	}{
		{plan.JoinOp, unix.EDQUOT, "maxkeys allows ("},
		{plan.JoinOp, unix.ENOSYS, "CONFIG_KEYS"},
		{plan.JoinOp, unix.EPERM, "CONFIG_KEYS"},
		{plan.JoinOp, unix.ENOMEM, ""},
		{plan.TimeoutOp, unix.EAGAIN, "RLIMIT_SIGPENDING"},
		{plan.TimeoutOp, unix.ENOMEM, ""},
	} {
		e, ok := ExplainStep(c.op, c.errno)
		if ok != (c.cause != "") || !filtered() && !strings.Contains(e.Cause, c.cause) {
			t.Errorf("%s, %v: %+v, %t", c.op, c.errno, e, ok)
		}
	}
	if n := keyQuota(); strings.Trim(n, "0123456789") != "" {
		t.Errorf("the quota is %q", n)
	}
}

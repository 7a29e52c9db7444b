package audit

import "time"

func timeoutTable() []row {
	limited := func(left time.Duration) func(*Case) {
		return func(c *Case) {
			c.Policy.Process.Timeout = 600
			c.Evidence.TimeLeft = known(left, "timer_gettime(2)")
		}
	}
	return []row{
		{"none", same, NotApplicable, "process.timeout is none"},
		{"runs", limited(600*time.Second - time.Microsecond), Pass, "9m59.999999s left"},
		{"does not run", limited(0), Fail, "does not run"},
		{"a shorter one", limited(90 * time.Second), Fail, "1m30s left"},
		{"a longer one", limited(601 * time.Second), Fail, "10m1s left"},
		{"unread", all(limited(0), func(c *Case) { lost(&c.Evidence.TimeLeft) }), Unknown, "EIO"},
	}
}

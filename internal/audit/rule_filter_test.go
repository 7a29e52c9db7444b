package audit

import (
	"slices"

	"github.com/netjail/netjail/internal/evidence"
)

func filterRows() map[string][]row {
	return map[string][]row{
		"seccomp.filter":   filterTable(),
		"sockets.families": probeTable("socket.netlink", "socket.unix"),
		"sockets.unix":     probeTable("socket.unix", "socket.netlink"),
		"ns.nested":        probeTable("unshare.user", "mount"),
	}
}

// answer gives one probe another answer.
func answer(name, errno string) func(*Case) {
	return func(c *Case) {
		probes := c.Evidence.Inside.Probes.Value
		i := slices.IndexFunc(probes, func(p evidence.Probe) bool { return p.Name == name })
		probes[i].Errno = errno
	}
}

// untried leaves one probe out.
func untried(name string) func(*Case) {
	return func(c *Case) {
		probes := &c.Evidence.Inside.Probes.Value
		*probes = slices.DeleteFunc(*probes, func(p evidence.Probe) bool { return p.Name == name })
	}
}

func unreadProbes(c *Case) { lost(&c.Evidence.Inside.Probes) }

func filterTable() []row {
	noFilter := func(c *Case) { c.Evidence.Inside.Seccomp.Value, c.Evidence.Outside.Seccomp.Value = 0, 0 }
	return []row{
		{"loaded", same, Pass, "mode 2"},
		{"loaded, held", held, Pass, "mode 2"},
		{"not loaded", noFilter, Fail, "no filter"},
		{"claimed inside alone", func(c *Case) { c.Evidence.Outside.Seccomp.Value = 0 }, Fail, disagree},
		{"another filter, that lets rings through", answer("io_uring_setup", "EFAULT"), Fail, "EFAULT instead of ENOSYS"},
		{"one that refuses everything", answer("control.ioctl", "EPERM"), Fail, "EPERM instead of EBADF"},
		{"one that answers success", answer("mount", ""), Fail, "success instead of EPERM"},
		{"a probe left out", untried("keyctl"), Unknown, "was not tried"},
		{"unread", unreadProbes, Unknown, "EIO"},
		{"mode unread", func(c *Case) { lost(&c.Evidence.Inside.Seccomp) }, Unknown, "EIO"},
		{"all left open", unfiltered, Declared, "no filter"},
	}
}

// probeTable is for a rule that own belongs to and other does not.
func probeTable(own, other string) []row {
	return []row{
		{"refused", same, Pass, "calls answered"},
		{"let through", answer(own, "EINVAL"), Fail, "EINVAL instead of"},
		{"what another rule judges", answer(other, "EINVAL"), Pass, "calls answered"},
		{"left out", untried(own), Unknown, "was not tried"},
		{"unread", unreadProbes, Unknown, "EIO"},
		{"left open", unfiltered, Declared, ""},
	}
}

package audit

import (
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
)

// Kinds of descriptor that lead somewhere, by what evidence tells of them.

// isDirectory says whether a descriptor leads to other files: a directory, or one
// that only stands for a path.
func isDirectory(d *evidence.FD) bool { return d.Directory || d.PathOnly }

// isPackets says whether a descriptor hands over the packets of an interface: a
// device of tun, tap or vhost-net, a macvtap, or a packet socket.
func isPackets(d *evidence.FD) bool {
	const packet, xdp = 17, 44 // AF_PACKET, AF_XDP of linux/socket.h
	family := d.Socket.Family
	return d.Packets || strings.HasPrefix(d.Target, "/dev/tap") ||
		family.Known && (family.Value == packet || family.Value == xdp)
}

// isPidfd says whether a descriptor stands for a process. Linux 6.9 named it
// pidfd:[N] for a while.
func isPidfd(d *evidence.FD) bool {
	return d.Target == "anon_inode:[pidfd]" || strings.HasPrefix(d.Target, "pidfd:[")
}

func isRing(d *evidence.FD) bool { return d.Target == "anon_inode:[io_uring]" }

// isShare says whether what a descriptor is open on may be open elsewhere, and only
// there: memory, a pipe or a FIFO, a counter, a file without a name, or one below
// /dev/shm.
func isShare(d *evidence.FD) bool {
	return d.Kind == evidence.FDPipe || d.FIFO || d.Deleted || d.Target == "anon_inode:[eventfd]" ||
		strings.HasPrefix(d.Target, "/memfd:") || strings.HasPrefix(d.Target, "/dev/shm/")
}

func isSocket(d *evidence.FD) bool { return d.Kind == evidence.FDSocket }

// isUnix says whether a socket is one of AF_UNIX; it may be where that is not known.
func isUnix(d *evidence.FD) bool {
	const unix = 1
	return isSocket(d) && d.Socket.Family.Value == unix
}

// isStream says whether a descriptor is one of 0 to 2.
func isStream(d *evidence.FD) bool { return d.Number < plan.StreamCount }

// ofKind are the descriptors of one kind.
func ofKind(fds []evidence.FD, is func(*evidence.FD) bool) []evidence.FD {
	var list []evidence.FD
	for i := range fds {
		if is(&fds[i]) {
			list = append(list, fds[i])
		}
	}
	return list
}

// judgeKept judges the descriptors of one kind that nobody takes for a stream: kept
// by number, from 3 on, or a failure. what is the word for them, and power says what
// their holder can do.
func (c *Case) judgeKept(what, power string, is func(*evidence.FD) bool, text func(*evidence.FD) string) Finding {
	f := Finding{Expected: "no " + what}
	fds, ok := c.kept(&f)
	if !ok {
		return f
	}
	found := ofKind(fds, is)
	if len(found) == 0 {
		f.Found = f.Expected + " among " + fdNumbersText(fds)
		return f.pass()
	}
	f.Found = textsOf(found, text)
	switch {
	case len(c.undeclared(found)) > 0:
		return f.fail("no key lets it through: " + power)
	case len(ofKind(found, isStream)) > 0:
		return f.fail("process.inheritFds keeps 0 to 2 as streams, and it is none: " + power)
	}
	return f.declared("process.inheritFds keeps it: " + power)
}

// textsOf names descriptors, each in the words of its kind.
func textsOf(fds []evidence.FD, text func(*evidence.FD) string) string {
	texts := make([]string, len(fds))
	for i := range fds {
		texts[i] = text(&fds[i])
	}
	return several(texts)
}

// fdNumbersText is "0, 1, 2", or "no descriptor".
func fdNumbersText(fds []evidence.FD) string {
	if len(fds) == 0 {
		return "no descriptor"
	}
	return numbers(fdNumbers(fds))
}

// processText names a process that a descriptor stands for.
func processText(pid int) string {
	switch {
	case pid < 0:
		return "a process that has ended"
	case pid == 0:
		return "a process that netjail's /proc does not show"
	}
	return "process " + number(pid)
}

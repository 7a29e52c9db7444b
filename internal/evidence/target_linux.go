package evidence

import (
	"bytes"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// targetReader is one reading of a process.
type targetReader struct {
	pid    int
	pidfd  int
	copier *copier
	capget CapReader
	target *Target
}

// ReadTarget reads every thread of a running process, which is not stopped: what
// a thread is open on may change meanwhile, and is then read again or unknown. A
// pidfd and the start time hold on to the process.
//
// Errors: ErrNoTarget, ErrThread, ErrGone, *ChangedError, or what pidfd_open(2)
// or open(2) of /proc/PID says.
func ReadTarget(pid int, capget CapReader) (*Target, error) {
	pidfd, err := openTarget(pid)
	if err != nil {
		return nil, err
	}
	defer unix.Close(pidfd)
	r := &targetReader{pid: pid, pidfd: pidfd, copier: newCopier(pid, pidfd), capget: capget, target: &Target{PID: pid, Own: ReadSelf()}}
	d, err := openProcess(pid)
	if err != nil && !r.ended() {
		return nil, ErrHidden
	}
	if err != nil {
		return nil, goneOr(err)
	}
	d = r.living(d)
	defer d.close()
	r.target.Own.Mounts = ReadOwnMounts()
	before, err := r.identify(d)
	if err != nil {
		return nil, err
	}
	r.threads()
	if len(r.target.Kinds) == 0 && r.target.Unread == "" {
		return nil, ErrGone // every thread is on its way, and the pidfd does not tell yet
	}
	r.rest(d)
	after, err := r.identify(d)
	if err != nil {
		return nil, err
	}
	if what := before.changed(&after); what != "" {
		return nil, &ChangedError{what}
	}
	return r.target, nil
}

// living is the directory of the first thread or, where that has ended before the
// others and has left nothing but its number, of one that lives. It closes d where
// that is another.
func (r *targetReader) living(d *procDir) *procDir {
	if first, ok := ReadRelative(r.pid); !ok || first.State != 'Z' || first.Threads < 2 {
		return d
	}
	tids, err := r.list()
	if err != nil {
		return d // what ends now is found out below
	}
	for _, tid := range tids {
		other, err := openThread(r.pid, tid)
		if err != nil {
			continue
		}
		if _, err := other.link(other.fd, "exe"); err == nil {
			d.close()
			return other
		}
		other.close()
	}
	return d
}

// openTarget opens the process, and tells a thread from one.
func openTarget(pid int) (int, error) {
	pidfd, err := unix.PidfdOpen(pid, 0)
	switch {
	case err == nil:
		return pidfd, nil
	case err == unix.ESRCH:
		return -1, ErrNoTarget
	case err == unix.EINVAL || err == unix.ENOENT:
		if unix.Access("/proc/"+strconv.Itoa(pid)+"/stat", unix.F_OK) == nil {
			return -1, ErrThread
		}
		return -1, ErrNoTarget
	}
	return -1, fmt.Errorf("pidfd_open(2): %w", err)
}

func goneOr(err error) error {
	if err == unix.ENOENT || err == unix.ESRCH {
		return ErrGone
	}
	return err
}

// identify reads who the process is, and that it is there.
func (r *targetReader) identify(d *procDir) (identity, error) {
	var i identity
	text, err := d.read("stat")
	if err != nil {
		return i, goneOr(err)
	}
	if r.target.Name, i.start, err = parseStart(text); err != nil {
		return i, err
	}
	r.target.Start = i.start
	exe, err := d.link(d.fd, "exe")
	r.target.Exe = factOf(string(exe), err, d.path+"exe")
	if err != nil {
		r.target.Exe = Unknown[string](d.path+"exe", whyNot(err))
	}
	i.exe = r.target.Exe.Value
	p := nothingOf(r.pid, whyNotAsked)
	p.readStatus(d)
	i.uids, i.gids = p.UIDs.Value, p.GIDs.Value
	i.user = ReadNamespace(r.pid, ns.User).Value
	if r.ended() {
		return i, ErrGone
	}
	return i, nil
}

// ended asks the pidfd, which becomes readable when the last thread has ended.
func (r *targetReader) ended() bool {
	poll := []unix.PollFd{{Fd: int32(r.pidfd), Events: unix.POLLIN}}
	n, err := unix.Poll(poll, 0)
	return err == nil && n > 0
}

// rest reads what belongs to the whole process, and to the host.
func (r *targetReader) rest(d *procDir) {
	t := r.target
	if text, err := d.read("environ"); err != nil {
		t.Environ = Unknown[[]string](d.path+"environ", whyNot(err))
	} else {
		t.Environ = Known(environNames(text), d.path+"environ")
	}
	t.Sockets = d.foundSockets()
	t.Crash = ReadCrash()
	t.Yama = readYama()
}

func readYama() Fact[int] {
	const scope = "/proc/sys/kernel/yama/ptrace_scope"
	text, err := readFile(scope)
	if err == unix.ENOENT {
		return Known(0, scope+": ENOENT")
	}
	if err != nil {
		return Unknown[int](scope, whyNot(err))
	}
	n, err := decimal(bytes.TrimSpace(text), 3)
	return factOf(int(n), err, scope)
}

// readFile reads a file of the kernel's.
func readFile(path string) ([]byte, error) {
	d := procDir{fd: unix.AT_FDCWD, buffer: make([]byte, procBuffer)}
	return d.read(path)
}

// ownCookie names netjail's network namespace as a socket tells it. Source:
// SO_NETNS_COOKIE of socket(7), Linux 5.14.
func ownCookie() uint64 {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	defer unix.Close(fd)
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_NETNS_COOKIE)
	if err != nil {
		return 0
	}
	return cookie
}

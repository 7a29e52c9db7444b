package runner

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
)

// lurePrefix begins the names of lures, so that those of a netjail that was
// killed can be told and cleared away.
const lurePrefix = ".netjail-lure-"

// lateEnding ends the names of those that are bound behind the start.
const lateEnding = "-late"

// Lures are unix sockets that netjail listens on for the attempts to reach one:
// one with an abstract name, and in each directory that it may write to two, of
// which the second is bound when the child has its mounts. A lure is reached where
// a process of the jail connects to it; netjail's own connection, made first, shows
// that it is alive.
type Lures struct{ list []lure }

// lure is one of them; fd is negative while it is not bound.
type lure struct {
	fd      int
	target  plan.UnixTarget
	late    bool
	control bool
}

// NewLures binds and connects. A directory that does not exist, or to which
// netjail may not write, gets none.
func NewLures(dirs []string) (*Lures, error) {
	var random [8]byte
	if _, err := unix.Getrandom(random[:], 0); err != nil {
		return nil, fmt.Errorf("name the lures: %w", err)
	}
	name := lurePrefix + hex.EncodeToString(random[:])
	l := &Lures{}
	err := l.add(plan.UnixTarget{Name: name[1:], Abstract: true})
	for _, dir := range dirs {
		if err != nil {
			break
		}
		sweep(dir)
		at := plan.UnixTarget{Name: filepath.Join(dir, name)}
		if err = l.add(at); noPlace(err) {
			err = nil
			continue
		}
		l.list = append(l.list, lure{fd: -1, late: true, target: plan.UnixTarget{Name: at.Name + lateEnding}})
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// bindLate binds the second set. One that cannot be bound has no control, so that
// the attempt at it tells nothing.
func (l *Lures) bindLate() {
	for i := range l.list {
		if one := &l.list[i]; one.fd < 0 {
			one.bind()
		}
	}
}

// noPlace says whether a lure could not be bound because of the directory:
// EADDRINUSE means that it has one already, under another path.
func noPlace(err error) bool {
	for _, e := range []unix.Errno{unix.ENOENT, unix.ENOTDIR, unix.EACCES, unix.EROFS, unix.EADDRINUSE} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// add makes one lure.
func (l *Lures) add(t plan.UnixTarget) error {
	one := lure{fd: -1, target: t}
	err := one.bind()
	if one.fd >= 0 {
		l.list = append(l.list, one) // from here on Close takes it away
	}
	return err
}

// bind makes a lure listen, opens it to all, and reaches it for the first time.
func (l *lure) bind() error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("make a lure: %w", err)
	}
	if err := unix.Bind(fd, l.address()); err != nil {
		unix.Close(fd)
		return fmt.Errorf("bind a lure to %s: %w", l.target.Name, err)
	}
	l.fd = fd
	if !l.target.Abstract {
		// A jail of root's has other ids, and must fail for a better reason.
		if err := os.Chmod(l.target.Name, 0o777); err != nil {
			return fmt.Errorf("open a lure to all: %w", err)
		}
	}
	if err := unix.Listen(fd, 8); err != nil {
		return fmt.Errorf("make a lure listen: %w", err)
	}
	l.control = l.connectOnce()
	return nil
}

func (l *lure) address() *unix.SockaddrUnix {
	if l.target.Abstract {
		return &unix.SockaddrUnix{Name: "@" + l.target.Name}
	}
	return &unix.SockaddrUnix{Name: l.target.Name}
}

// connectOnce is the positive control.
func (l *lure) connectOnce() bool {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	return unix.Connect(fd, l.address()) == nil && l.accept(os.Getpid()) == 1
}

// accept takes what has arrived and counts what came from one process: others of
// the host may be curious.
func (l *lure) accept(pid int) (n int) {
	for {
		fd, _, err := unix.Accept4(l.fd, unix.SOCK_CLOEXEC)
		if err != nil {
			return n
		}
		peer, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err == nil && int(peer.Pid) == pid {
			n++
		}
		unix.Close(fd)
	}
}

// Targets are the lures as the plan's attempts aim at them.
func (l *Lures) Targets() []plan.UnixTarget {
	targets := make([]plan.UnixTarget, len(l.list))
	for i := range l.list {
		targets[i] = l.list[i].target
	}
	return targets
}

// Result says which lures the process has reached since they were made.
func (l *Lures) Result(pid int) []evidence.UnixListener {
	result := make([]evidence.UnixListener, len(l.list))
	for i := range l.list {
		one := &l.list[i]
		result[i] = evidence.UnixListener{
			Name: one.target.Name, Abstract: one.target.Abstract, Late: one.late, Control: one.control, Reached: one.accept(pid),
		}
	}
	return result
}

// Close takes the lures away.
func (l *Lures) Close() error {
	var errs []error
	for i := range l.list {
		one := &l.list[i]
		if one.fd < 0 {
			continue
		}
		if !one.target.Abstract {
			errs = append(errs, removeLure(one.target.Name))
		}
		errs = append(errs, unix.Close(one.fd))
	}
	l.list = nil
	return errors.Join(errs...)
}

// sweep removes the lures of the same user's that nobody listens on any more.
// What it cannot read or remove it leaves: it is tidying up.
func sweep(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	for _, name := range names {
		if strings.HasPrefix(name, lurePrefix) {
			sweepOne(filepath.Join(dir, name))
		}
	}
}

func sweepOne(name string) {
	var st unix.Stat_t
	if unix.Lstat(name, &st) != nil || int(st.Uid) != os.Geteuid() {
		return
	}
	switch kind := st.Mode & unix.S_IFMT; {
	case kind == unix.S_IFSOCK && evidence.Ask(name) == evidence.AnswerDead:
		unix.Unlink(name)
	case kind == unix.S_IFIFO && strings.HasSuffix(name, fifoEnding), kind == unix.S_IFREG && strings.HasSuffix(name, memoryEnding):
		sweepFile(name)
	}
}

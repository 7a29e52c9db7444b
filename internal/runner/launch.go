package runner

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// launch makes the child, by the loop if it may be had and else by the stage.
func (r *run) launch() error {
	r.launcher = r.options.Launcher
	if r.plan.Joins() {
		return r.launchJoined()
	}
	if r.launcher != LauncherStage && sys.HasLoop {
		r.launcher = LauncherLoop
		err := r.launchBy(r.launchLoop)
		var refused *CloneError
		if r.options.Launcher == LauncherLoop || !errors.As(err, &refused) || refused.Errno != unix.ENOSYS {
			return err
		}
	}
	r.launcher = LauncherStage
	return r.launchBy(r.launchStage)
}

// launchBy prepares what the child needs, makes it, and closes in netjail what
// is the child's.
func (r *run) launchBy(start func() error) error {
	r.relay = relay{}
	var err error
	if r.program, err = assemble(r.plan, r.launcher == LauncherStage); err != nil {
		return err
	}
	r.undo.add("free the plan's memory", r.program.Close)
	ahead, err := r.ahead()
	placed := ahead
	if err == nil {
		placed, err = r.descriptors()
		placed = append(placed, ahead...)
	}
	if err == nil {
		err = r.withoutGroups(start)
	}
	for _, fd := range placed {
		unix.Close(fd)
	}
	return err
}

// descriptors opens the channels, and what takes the place of the streams, and
// puts the child's ends where the plan says. It returns what has to be closed
// behind the clone.
func (r *run) descriptors() (placed []int, err error) {
	o := plan.Outline{Flags: r.plan.Flags, Forks: r.plan.Forks, HostNet: r.plan.NeedsHostNet(), FDBase: r.host.FDBase}
	c, err := openChannels(&o, r.launcher == LauncherStage, r.copiesItself())
	if err == nil {
		err = r.take(c)
	}
	if err == nil && r.options.Prey != nil && r.plan.NeedsVictim() {
		err = r.options.Prey.place(c)
	}
	if err == nil {
		err = r.prepareStreams(c.place)
	}
	return c.placed, err
}

// take makes what netjail talks to the child by the run's own.
func (r *run) take(c *channels) error {
	r.undo.add("close the channels", c.close)
	r.gate, r.status = c.gate, c.status
	return c.setPatience(r.options.Patience)
}

// withoutGroups runs start in a thread that has no supplementary groups, where
// the plan asks for it.
func (r *run) withoutGroups(start func() error) error {
	i := r.plan.Index("ids.groups")
	if i < 0 || r.plan.Ops[i].Call != plan.DeedDropGroups {
		return start()
	}
	groups, err := unix.Getgroups()
	if err != nil {
		return r.deedError(i, err)
	}
	if err := sys.SetGroups(nil); err != nil {
		return r.deedError(i, err)
	}
	own := make([]uint32, len(groups))
	for k, g := range groups {
		own[k] = uint32(g)
	}
	err = start()
	if back := sys.SetGroups(own); back != nil {
		return errors.Join(err, fmt.Errorf("take netjail's own groups back: %w", back))
	}
	return err
}

func (r *run) launchLoop() error {
	pid, err := sys.Start(r.program.Program, r.plan.Flags)
	var errno unix.Errno
	if errors.As(err, &errno) {
		return &CloneError{Flags: r.plan.Flags, Errno: errno}
	}
	r.pid = pid
	return err
}

// StageArgv0 is how netjail is told that it is the stage.
const StageArgv0 = "netjail-stage"

// stageNothing is the argument of a stage that is to end at once.
const stageNothing = "nothing"

// launchStage executes netjail again in the new namespaces. The capabilities
// that a new user namespace brings survive that execve as ambient ones; the
// stage's first act is to clear those.
func (r *run) launchStage() error {
	last := r.host.FDBase + r.host.FDs() // the program's memory comes behind the block
	files := make([]uintptr, last+1)
	for i := range files {
		files[i] = ^uintptr(0)
	}
	for _, fd := range r.inherited() {
		files[fd] = uintptr(fd)
	}
	for d := range r.host.ChildFDs() {
		if forVictim := d == int(plan.FDVictim) || d == int(plan.FDHostSocket); forVictim && r.options.Prey == nil {
			continue
		}
		if at := r.host.FDBase + d; isOpen(at) {
			files[at] = uintptr(at)
		}
	}
	files[last] = r.program.File().Fd()
	file := "/proc/self/exe"
	if r.copiesItself() {
		at, err := sys.OwnCopy(last + 1)
		if err != nil {
			return err
		}
		defer unix.Close(at)
		file = "/proc/self/fd/" + strconv.Itoa(at)
	}
	// ForkExec passes on whatever is open above its list and not close-on-exec.
	if err := unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("keep netjail's descriptors from the stage: %w", err)
	}
	// Without this the Go runtime opens files of its control group.
	quiet := []string{"GODEBUG=containermaxprocs=0,updatemaxprocs=0"}
	attr := &syscall.ProcAttr{Files: files, Env: quiet, Sys: &syscall.SysProcAttr{Cloneflags: r.plan.Flags}}
	if r.plan.Flags&ns.User.CloneFlag() != 0 {
		for c := range r.host.LastCap + 1 {
			attr.Sys.AmbientCaps = append(attr.Sys.AmbientCaps, uintptr(c))
		}
	}
	pid, err := syscall.ForkExec(file, []string{StageArgv0, strconv.Itoa(last), strconv.Itoa(r.host.FDBase)}, attr)
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return &CloneError{Flags: r.plan.Flags, Errno: errno, NoClone3: r.options.Launcher == LauncherAuto && sys.HasLoop}
	}
	r.pid = pid
	return err
}

// copiesItself says whether the stage is a copy of netjail's program: where somebody
// who lives in a namespace may come to see the program of a process of netjail's, or
// have it executed once more (/proc/self/exe), the file must not be the one that the
// next netjail is started from.
func (r *run) copiesItself() bool {
	return r.plan.Joined[ns.PID] != 0 || r.plan.Joined[ns.Mount] != 0
}

// inherited are the command's descriptors below the block. The stage gets no
// others.
func (r *run) inherited() []int {
	var open []int
	for _, fd := range r.plan.InheritFDs {
		if isOpen(fd) {
			open = append(open, fd)
		}
	}
	return open
}

func isOpen(fd int) bool {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	return err == nil
}

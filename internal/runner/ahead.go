package runner

import (
	"errors"
	"fmt"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// ahead does what netjail does before it makes the child. It returns the
// descriptors that are to be closed behind the clone; whatever else it opened is
// closed again.
func (r *run) ahead() (kept []int, err error) {
	var placed []int
	for i := range r.plan.Ops {
		if r.plan.Ops[i].Actor != plan.Ahead {
			continue
		}
		var given []int
		given, err = r.doAhead(i)
		if placed = append(placed, given...); err != nil {
			break
		}
	}
	return r.closePassing(placed), err
}

// doAhead carries out one op. It returns the numbers that it gave to descriptors.
func (r *run) doAhead(i int) (given []int, err error) {
	o := &r.plan.Ops[i]
	if o.Call == plan.DeedMakeUsers {
		if err := r.deed(o); err != nil {
			if refused := new(CloneError); errors.As(err, &refused) {
				return nil, refused
			}
			return nil, r.deedError(i, err)
		}
		return []int{int(o.Args[2].Value)}, nil
	}
	for k := r.program.step[i]; k < r.program.step[i]+o.Calls(); k++ {
		ok := r.program.Do(k)
		if fd := r.program.Step(k).Result; o.Call == "dup3" && fd >= 0 {
			given = append(given, int(fd))
		}
		if !ok {
			return given, r.childFailed()
		}
	}
	return given, nil
}

// closePassing closes the descriptors that only the ops ahead needed: those that
// the kernel numbered, and the user namespaces. It returns the others.
func (r *run) closePassing(placed []int) (kept []int) {
	for i := range r.plan.Ops {
		o := &r.plan.Ops[i]
		if o.Actor != plan.Ahead || o.Call != "openat2" && o.Call != "open_tree" {
			continue
		}
		for k := range o.Calls() {
			if s := r.program.Step(r.program.step[i] + k); s.Done == 1 && s.Result >= 0 {
				unix.Close(int(s.Result))
			}
		}
	}
	for _, fd := range placed {
		if fd >= r.host.FDBase+r.host.ChildFDs() {
			unix.Close(fd)
			continue
		}
		kept = append(kept, fd)
	}
	return kept
}

// makeUsers makes a user namespace with these maps, and puts a descriptor of it at
// a number. The process that it is made with ends at once: until it is reaped, its
// namespace can still be read.
func (r *run) makeUsers(uids, gids []byte, at int) error {
	pid, err := r.startEnded(unix.CLONE_NEWUSER)
	if err != nil {
		return err
	}
	defer waitFor(pid, 0)
	dir := "/proc/" + strconv.Itoa(pid) + "/"
	if err := r.writeFile(dir+"gid_map", gids); err != nil {
		return fmt.Errorf("write its gid_map: %w", err)
	}
	if err := r.writeFile(dir+"uid_map", uids); err != nil {
		return fmt.Errorf("write its uid_map: %w", err)
	}
	fd, err := unix.Open(dir+"ns/user", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open its user namespace: %w", err)
	}
	defer unix.Close(fd)
	if err := unix.Dup3(fd, at, unix.O_CLOEXEC); err != nil {
		return fmt.Errorf("place descriptor %d: %w", at, err)
	}
	return nil
}

// startEnded makes a process that ends at once, as the child itself is made: by
// the loop or, where that is not to be had, as a stage with nothing to do.
//
// Errors: *CloneError, since the child could not be made either.
func (r *run) startEnded(flags uintptr) (pid int, err error) {
	if r.launcher == LauncherLoop {
		pid, err = sys.StartEnded(flags)
	} else {
		pid, err = stageEnded(flags)
	}
	if errno := unix.Errno(0); errors.As(err, &errno) {
		return 0, &CloneError{Flags: flags, Errno: errno, NoClone3: r.launcher != LauncherLoop && r.options.Launcher == LauncherAuto && sys.HasLoop}
	}
	return pid, err
}

// stageEnv keeps the Go runtime of a stage that ends at once from opening files of
// control groups.
var stageEnv = [...]string{"GODEBUG=containermaxprocs=0,updatemaxprocs=0"}

// stageEnded gives the process nothing of netjail's.
func stageEnded(flags uintptr) (pid int, err error) {
	files, err := closedFiles()
	if err != nil {
		return 0, err
	}
	attr := &syscall.ProcAttr{Files: files, Env: stageEnv[:], Sys: &syscall.SysProcAttr{Cloneflags: flags}}
	return syscall.ForkExec("/proc/self/exe", []string{StageArgv0, stageNothing}, attr)
}

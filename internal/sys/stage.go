package sys

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// PrepareStage brings a process that was re-executed in new namespaces to where
// a process made by Start is: no ambient and no inheritable capability, which
// only served to bring the others across execve, and all signals blocked. The
// event queue of its Go runtime, which still runs while p is interpreted, stays
// open up to execve.
func PrepareStage(p *Program) error {
	BlockSignals()
	if err := p.keepEventQueue(); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("clear the stage's ambient set: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return fmt.Errorf("read the stage's capabilities: %w", err)
	}
	data[0].Inheritable, data[1].Inheritable = 0, 0
	if err := unix.Capset(&header, &data[0]); err != nil {
		return fmt.Errorf("clear the stage's inheritable set: %w", err)
	}
	return nil
}

// keepEventQueue notes the descriptors of the runtime's event queue, and of what
// looks like it: those that netjail passed on are not to be closed anyway.
func (p *Program) keepEventQueue() error {
	dir, err := os.Open("/proc/self/fd") // it makes the runtime open the queue
	if err != nil {
		return fmt.Errorf("list the stage's descriptors: %w", err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return fmt.Errorf("list the stage's descriptors: %w", err)
	}
	var own []uintptr
	for _, name := range names {
		n, err := strconv.Atoi(name)
		if err != nil {
			return fmt.Errorf("list the stage's descriptors: %w", err)
		}
		if link, _ := os.Readlink("/proc/self/fd/" + name); link == "anon_inode:[eventpoll]" || link == "anon_inode:[eventfd]" {
			own = append(own, uintptr(n))
		}
	}
	slices.Sort(own)
	if copy(p.own[:], own) < len(own) {
		return fmt.Errorf("keep the stage's event queue open: there are %d like it", len(own))
	}
	return nil
}

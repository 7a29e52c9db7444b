// Package crew runs programs aside, several at once: what they write is kept, the
// time that they take is bounded, and nothing that they started stays behind,
// also where they are ended in the middle.
package crew

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Command is a program to be run. It has no terminal, nothing on its standard
// input, and descriptor 3 to write a note to.
type Command struct {
	Path string
	Argv []string
	Env  []string
	Dir  string
	// Limit is how long it may take.
	Limit time.Duration
}

// Ended is how a program ended.
type Ended struct {
	// Note is what it wrote to descriptor 3.
	Note           []byte
	Stdout, Stderr []byte
	// Cut is true where more was written than is kept.
	Cut bool
	// Late is true where it was ended because its time was over.
	Late bool
}

// ErrStopped says that Stop was called.
var ErrStopped = errors.New("the work was stopped")

// Crew runs commands.
type Crew struct {
	mu      sync.Mutex
	members map[int]*os.Process
	// spared are children that were there before: another program's, which became
	// this one by execve(2).
	spared  map[int]bool
	stopped bool
}

// New makes this process the one that inherits what its descendants leave
// behind. There is one Crew in a process.
func New() (*Crew, error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("inherit what programs leave behind: %w", err)
	}
	c := &Crew{members: map[int]*os.Process{}, spared: map[int]bool{}}
	already, err := children()
	for _, pid := range already {
		c.spared[pid] = true
	}
	return c, err
}

// Run runs a command to its end, and ends what it leaves behind.
//
// Errors: ErrStopped, or what kept the command from being started.
func (c *Crew) Run(cmd *Command) (*Ended, error) {
	// PR_SET_PDEATHSIG follows the thread that made the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	streams, err := newStreams()
	if err != nil {
		return nil, err
	}
	defer streams.close()
	process, err := c.start(cmd, streams)
	streams.started()
	if err != nil {
		return nil, err
	}
	ended := &Ended{}
	late := make(chan struct{})
	limit := time.AfterFunc(cmd.Limit, func() {
		close(late)
		process.Kill()
	})
	_, err = process.Wait()
	if !limit.Stop() {
		<-late
		ended.Late = true
	}
	if left := c.sweep(process.Pid); err == nil {
		err = left
	}
	streams.collect(ended)
	if c.isStopped() {
		return nil, ErrStopped
	}
	return ended, err
}

func (c *Crew) start(cmd *Command, s *streams) (*os.Process, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return nil, ErrStopped
	}
	process, err := os.StartProcess(cmd.Path, cmd.Argv, &os.ProcAttr{
		Dir: cmd.Dir, Env: cmd.Env, Files: s.files(),
		Sys: &syscall.SysProcAttr{Setsid: true, Pdeathsig: unix.SIGKILL},
	})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	c.members[process.Pid] = process
	return process, nil
}

// sweep ends what a member, which has ended, has left behind. What belongs to a
// member that runs is not yet this process's child.
func (c *Crew) sweep(pid int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.members, pid)
	return EndChildren(func(pid int) bool { return c.spared[pid] || c.members[pid] != nil })
}

// Stop ends everything that runs, and keeps anything else from being started.
func (c *Crew) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	for _, process := range c.members {
		process.Kill()
	}
}

func (c *Crew) isStopped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopped
}

package runner

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// sysv are objects of System V IPC. The memory is removed as soon as netjail has
// attached it, and lives as long as netjail does. The others are not: their key
// tells which process made them, so that those of one that was killed are found.
type sysv struct {
	token        []byte
	target       plan.SysV
	memory       []byte
	memoryAlive  bool
	semaphore    bool // it was made
	messages     bool
	reachedSem   bool
	reachedQueue bool
}

// A key is ten bits that are netjail's, and a pid, of which Linux has 22 bits.
const (
	sysvPrefix = 0x1b9 << 22
	sysvPID    = 1<<22 - 1
)

// newSysV makes all three, or none.
func newSysV(token []byte) (*sysv, error) {
	sweepSysV()
	s := &sysv{token: token}
	if err := s.make(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *sysv) make() (err error) {
	if err = s.makeMemory(); err != nil {
		return fmt.Errorf("make shared memory: %w", err)
	}
	key := sysvPrefix | os.Getpid()&sysvPID
	if s.target.Semaphores, err = sys.MakeSemaphore(key); err != nil {
		return fmt.Errorf("make a semaphore: %w", err)
	}
	s.semaphore = true
	if s.target.Messages, err = sys.MakeMessages(key); err != nil {
		return fmt.Errorf("make a queue of messages: %w", err)
	}
	s.messages = true
	s.reachedSem = sys.AddToSemaphore(s.target.Semaphores) == nil && s.lastAtSemaphore(os.Getpid())
	s.reachedQueue = sys.SendMessage(s.target.Messages, s.token) == nil && s.received() == 1
	return nil
}

// makeMemory makes a segment that nobody has to remove, and attaches it by its
// number. Source: shmctl(2), IPC_RMID.
func (s *sysv) makeMemory() (err error) {
	const size = 4096
	if s.target.Memory, err = unix.SysvShmGet(unix.IPC_PRIVATE, size, unix.IPC_CREAT|0o666); err != nil {
		return err
	}
	s.memory, err = unix.SysvShmAttach(s.target.Memory, 0, 0)
	if _, gone := unix.SysvShmCtl(s.target.Memory, unix.IPC_RMID, nil); err == nil {
		err = gone
	}
	if err != nil {
		return err
	}
	return s.touch()
}

// touch attaches the segment once more by its number, so that netjail is who did so
// last: a child that leaves netjail's memory by execve(2) counts as one as well.
func (s *sysv) touch() error {
	again, err := unix.SysvShmAttach(s.target.Memory, 0, unix.SHM_RDONLY)
	if err != nil {
		return err
	}
	s.memoryAlive = s.lastAtMemory(os.Getpid())
	return unix.SysvShmDetach(again)
}

// lastAtMemory says whether it was this process that attached or detached the
// segment last.
func (s *sysv) lastAtMemory(pid int) bool {
	var d unix.SysvShmDesc
	_, err := unix.SysvShmCtl(s.target.Memory, unix.IPC_STAT, &d)
	return err == nil && int(d.Lpid) == pid
}

func (s *sysv) lastAtSemaphore(pid int) bool {
	last, err := sys.LastAtSemaphore(s.target.Semaphores)
	return err == nil && last == pid
}

// received counts the tokens among the messages.
func (s *sysv) received() (n int) {
	for {
		text, err := sys.ReceiveMessage(s.target.Messages, len(s.token))
		if err != nil {
			return n
		}
		if bytes.Equal(text, s.token) {
			n++
		}
	}
}

// result says which of them the process has reached.
func (s *sysv) result(pid int) []evidence.Bait {
	once := func(reached bool) int {
		if reached {
			return 1
		}
		return 0
	}
	return []evidence.Bait{
		{Name: "shared memory", Control: s.memoryAlive, Arrived: once(s.lastAtMemory(pid))},
		{Name: "semaphores", Control: s.reachedSem, Arrived: once(s.lastAtSemaphore(pid))},
		{Name: "messages", Control: s.reachedQueue, Arrived: s.received()},
	}
}

func (s *sysv) close() error {
	var errs []error
	if s.memory != nil {
		errs = append(errs, unix.SysvShmDetach(s.memory))
	}
	if s.semaphore {
		errs = append(errs, sys.RemoveSemaphore(s.target.Semaphores))
	}
	if s.messages {
		errs = append(errs, sys.RemoveMessages(s.target.Messages))
	}
	*s = sysv{}
	return errors.Join(errs...)
}

// sweepSysV removes what a netjail that was killed has left. What it cannot read
// or remove it leaves: it is tidying up.
func sweepSysV() {
	for _, id := range leftSysV("/proc/sysvipc/sem") {
		sys.RemoveSemaphore(id)
	}
	for _, id := range leftSysV("/proc/sysvipc/msg") {
		sys.RemoveMessages(id)
	}
}

// leftSysV are the numbers of objects whose maker has ended. Each line begins with
// the key and the number; the kernel lets only owners remove. Source:
// proc_sysvipc(5).
func leftSysV(file string) (ids []int) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		key, err := strconv.ParseInt(fields[0], 10, 64)
		if err != nil || key&^sysvPID != sysvPrefix || unix.Kill(int(key&sysvPID), 0) != unix.ESRCH {
			continue
		}
		if id, err := strconv.Atoi(fields[1]); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

package runner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// Prey is a process of netjail's own outside the jail, for the attempts to reach
// one: netjail executed again as Victim. Netjail's own calls on it, made first,
// show that it can be reached.
type Prey struct {
	pid, pidfd int
	talk       *sys.Channel
	target     plan.Victim
	uid        uint32
	controls   map[plan.Try]string
}

// preyPatience bounds each wait for an answer.
const preyPatience = 5 * time.Second

// NewPrey starts the process, and tries on it what the jailed process is to try.
func NewPrey() (*Prey, error) {
	p := &Prey{pidfd: -1, uid: uint32(os.Getuid())}
	if err := errors.Join(p.start(), p.meet()); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, sys.WithoutSignals(p.control) // which also stays in one thread, as tracing takes
}

// start executes netjail again. The process has a group of its own: what is sent to
// netjail's must not count as the jail's doing.
func (p *Prey) start() error {
	talk, other, err := sys.NewChannel()
	if err != nil {
		return err
	}
	defer unix.Close(other)
	if err := talk.SetPatience(preyPatience); err != nil {
		return errors.Join(err, talk.Close())
	}
	p.talk = talk
	files, err := closedFiles() // nothing of the caller's is there to be taken
	if err != nil {
		return err
	}
	files[0] = uintptr(other)
	attr := &syscall.ProcAttr{
		Dir: "/", Files: files, Env: []string{"GODEBUG=containermaxprocs=0,updatemaxprocs=0"},
		Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: unix.SIGKILL},
	}
	err = sys.WithoutSignals(func() (err error) {
		p.pid, err = syscall.ForkExec("/proc/self/exe", []string{VictimArgv0}, attr)
		return err
	})
	if err != nil {
		return fmt.Errorf("start the audit's victim: %w", err)
	}
	if p.pidfd, err = unix.PidfdOpen(p.pid, 0); err != nil {
		return fmt.Errorf("open the audit's victim: %w", err)
	}
	return nil
}

// meet hears what the process has, and chooses what the attempts are to set.
func (p *Prey) meet() error {
	if p.talk == nil || p.pid == 0 {
		return nil // start has said why
	}
	hello, err := p.hear(helloSize)
	if err != nil {
		return err
	}
	hard := words(hello)[4]
	p.target = plan.Victim{
		PID: p.pid, Word: words(hello)[0], Mark: words(hello)[1], FD: int(words(hello)[2]),
		Limit: plan.Limit{Soft: min(hard, ownLimit) / 2, Hard: hard},
	}
	return nil
}

// ownLimit is the RLIMIT_FSIZE that the process gets from netjail's own attempt, in
// bytes, where it may have as much; the jail's is to be half of that.
const ownLimit = 1 << 20

// ask sends a question and hears the answer.
func (p *Prey) ask(question []byte, size int) ([]byte, error) {
	if err := p.talk.Send(question); err != nil {
		return nil, fmt.Errorf("ask the audit's victim: %w", err)
	}
	return p.hear(size)
}

func (p *Prey) hear(size int) ([]byte, error) {
	b := make([]byte, size+1)
	n, pid, err := p.talk.Receive(b)
	switch {
	case err != nil:
		return nil, fmt.Errorf("hear the audit's victim: %w", err)
	case n != size || pid != p.pid:
		return nil, fmt.Errorf("hear the audit's victim: process %d said %d bytes where process %d was to say %d", pid, n, p.pid, size)
	}
	return b[:n], nil
}

// words are an answer's, of eight bytes each.
func words(b []byte) []uint64 {
	list := make([]uint64, len(b)/8)
	for i := range list {
		list[i] = binary.NativeEndian.Uint64(b[8*i:])
	}
	return list
}

// Target is the process as the plan's attempts aim at it.
func (p *Prey) Target() *plan.Victim { return &p.target }

// become has the process take on the ids of the command's, as netjail sees them,
// where netjail may give them away: the kernel compares ids before anything else,
// and attempts on a stranger would show only that.
func (p *Prey) become(uid, gid uint32) error {
	if os.Geteuid() != 0 {
		return nil
	}
	question := []byte{askBecome}
	question = binary.NativeEndian.AppendUint32(question, uid)
	question = binary.NativeEndian.AppendUint32(question, gid)
	answer, err := p.ask(question, dumpSize)
	if err != nil {
		return err
	}
	if dumpable := words(answer)[0]; dumpable != 1 {
		return fmt.Errorf("the audit's victim is not dumpable (%d), so that nothing could reach it", dumpable)
	}
	p.uid = uid
	return nil
}

// expose readies the process for the jail that is about to be made.
func (r *run) expose() error {
	if r.options.Prey == nil {
		return errors.New("the plan has attempts on a process, and there is none to make them on")
	}
	return r.options.Prey.become(r.plan.OutsideUID, r.plan.OutsideGID)
}

// place gives the child a pidfd of the process, and a socket of netjail's network
// namespace.
func (p *Prey) place(c *channels) error {
	pidfd, err := unix.FcntlInt(uintptr(p.pidfd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("hand the victim's pidfd over: %w", err)
	}
	if err := c.place(plan.FDVictim, pidfd); err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make a socket to hand over: %w", err)
	}
	return c.place(plan.FDHostSocket, fd)
}

// tellReached notes what reached the process, and ends it: the command may run for
// long.
func (r *run) tellReached() error {
	if r.options.NetHandle != nil {
		r.evidence.NetHandle = r.options.NetHandle.Result()
	}
	if r.options.Prey == nil {
		return nil
	}
	r.evidence.Victim = r.options.Prey.Result()
	return r.options.Prey.Close()
}

// Result says what has reached the process.
func (p *Prey) Result() *evidence.Victim {
	v := &evidence.Victim{PID: p.pid, UID: p.uid, Controls: p.controls, Excuse: evidence.ReadExcuse()}
	const source = "the victim itself, /proc/PID/status"
	state, err := p.state()
	if err != nil {
		v.State = evidence.Unknown[evidence.VictimState](source, err.Error())
		return v
	}
	v.State = evidence.Known(*state, "the victim itself, /proc/"+strconv.Itoa(p.pid)+"/status")
	return v
}

func (p *Prey) state() (*evidence.VictimState, error) {
	if p.pid == 0 {
		return nil, errors.New("it has been ended already")
	}
	answer, err := p.ask([]byte{askState}, stateSize)
	if err != nil {
		return nil, err
	}
	s := &evidence.VictimState{}
	if s.Signals, s.Tracer, err = evidence.ReadPending(p.pid); err != nil {
		return nil, err
	}
	const n = len(plan.VictimMark)
	s.Marks = [2]bool{bytes.Equal(answer[:n], []byte(plan.VictimMark)), bytes.Equal(answer[n:2*n], []byte(plan.VictimMark))}
	s.Limit = plan.Limit{Soft: words(answer)[2], Hard: words(answer)[3]}
	s.Limited = s.Limit == p.target.Limit && p.target.Limit.Soft != min(p.target.Limit.Hard, ownLimit)
	return s, nil
}

// Close ends the process, and waits until it has ended. Once it has, Close does
// nothing.
func (p *Prey) Close() error {
	if p == nil {
		return nil
	}
	errs := []error{p.talk.Close()}
	if p.pidfd >= 0 {
		errs = append(errs, unix.Close(p.pidfd))
		p.pidfd = -1
	}
	if p.pid > 0 {
		errs = append(errs, unix.Kill(p.pid, unix.SIGKILL))
		_, _, err := waitFor(p.pid, 0)
		errs = append(errs, err)
		p.pid = 0
	}
	return errors.Join(errs...)
}

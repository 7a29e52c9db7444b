package runner

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// The signals and the mark of the controls: others than the attempts'.
const (
	controlKill   = unix.SIGUSR1
	controlTgkill = unix.SIGUSR2
	controlPidfd  = unix.SIGXCPU
	controlMark   = "control."
)

// errNoTrace says that a control's call worked and that nothing came of it.
var errNoTrace = errors.New("it had no effect")

// control does to the process, from outside the jail and with netjail's own ids,
// what the jailed process is to try. What does not work is no error: the judge says
// that nothing is shown then.
func (p *Prey) control() error {
	p.controls = map[plan.Try]string{}
	set := func(err error, tries ...plan.Try) {
		for _, t := range tries {
			p.controls[t] = evidence.Errno(err)
		}
	}
	set(p.trace(), plan.TryTrace)
	set(p.readWord(), plan.TryVMRead)
	set(p.writeMark(p.byVM, 0), plan.TryVMWrite)
	set(p.writeMark(p.byFile, 1), plan.TryMem)
	set(p.followLinks(), plan.TryLinks)
	set(p.open("environ"), plan.TryEnviron)
	set(p.open("net/tcp"), plan.TryNet)
	set(p.signalled(controlKill, unix.Kill(p.pid, controlKill)), plan.TryKill)
	set(p.signalled(controlTgkill, unix.Tgkill(p.pid, p.pid, controlTgkill)), plan.TryTgkill)
	set(p.signalled(controlPidfd, unix.PidfdSendSignal(p.pidfd, controlPidfd, nil, 0)), plan.TryPidfdSignal, plan.TryHandedSignal)
	set(p.takeFD(), plan.TryGetfd, plan.TryHandedGetfd)
	var limit unix.Rlimit
	set(unix.Prlimit(p.pid, unix.RLIMIT_FSIZE, nil, &limit), plan.TryLimitRead)
	set(p.setLimit(), plan.TryLimitWrite)
	return nil
}

// trace begins to trace the process and, once it is seen to be traced, stops it and
// lets it go: a stop that never comes would be waited for.
func (p *Prey) trace() error {
	t, err := sys.Seize(p.pid)
	if err != nil {
		return err
	}
	_, tracer, err := evidence.ReadPending(p.pid)
	if err != nil {
		return err
	}
	if tracer == 0 {
		return errNoTrace
	}
	if err := t.Interrupt(); err != nil {
		return err
	}
	return t.Release()
}

func (p *Prey) readWord() error {
	b := make([]byte, len(plan.VictimWord))
	n, err := unix.ProcessVMReadv(p.pid, []unix.Iovec{{Base: &b[0], Len: uint64(len(b))}}, []unix.RemoteIovec{{Base: uintptr(p.target.Word), Len: len(b)}}, 0)
	if err == nil && string(b[:n]) != plan.VictimWord {
		err = errNoTrace
	}
	return err
}

// writeMark writes the control's mark over the k-th, and asks the process for it.
func (p *Prey) writeMark(write func(address uint64, mark []byte) error, k int) error {
	at := k * len(controlMark)
	if err := write(p.target.Mark+uint64(at), []byte(controlMark)); err != nil {
		return err
	}
	answer, err := p.ask([]byte{askState}, stateSize)
	if err == nil && string(answer[at:at+len(controlMark)]) != controlMark {
		err = errNoTrace
	}
	return err
}

func (p *Prey) byVM(address uint64, mark []byte) error {
	_, err := unix.ProcessVMWritev(p.pid, []unix.Iovec{{Base: &mark[0], Len: uint64(len(mark))}}, []unix.RemoteIovec{{Base: uintptr(address), Len: len(mark)}}, 0)
	return err
}

func (p *Prey) byFile(address uint64, mark []byte) error {
	f, err := os.OpenFile(p.file("mem"), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(mark, int64(address))
	return errors.Join(err, f.Close())
}

// file is a path below the process's directory in /proc.
func (p *Prey) file(name string) string { return "/proc/" + strconv.Itoa(p.pid) + "/" + name }

func (p *Prey) open(name string) error {
	f, err := os.Open(p.file(name))
	if err != nil {
		return err
	}
	return f.Close()
}

func (p *Prey) followLinks() error {
	for _, name := range []string{"fd/" + strconv.Itoa(p.target.FD), "root", "cwd", "exe"} {
		if _, err := os.Readlink(p.file(name)); err != nil {
			return err
		}
	}
	return nil
}

// signalled says whether a signal that was sent has come.
func (p *Prey) signalled(signal unix.Signal, err error) error {
	if err != nil {
		return err
	}
	signals, _, err := evidence.ReadPending(p.pid)
	if err == nil && signals>>(signal-1)&1 == 0 {
		err = errNoTrace
	}
	return err
}

func (p *Prey) takeFD() error {
	fd, err := unix.PidfdGetfd(p.pidfd, p.target.FD, 0)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// setLimit lowers the limit to what the attempt is to halve.
func (p *Prey) setLimit() error {
	want := unix.Rlimit{Cur: min(p.target.Limit.Hard, ownLimit), Max: p.target.Limit.Hard}
	if err := unix.Prlimit(p.pid, unix.RLIMIT_FSIZE, &want, nil); err != nil {
		return err
	}
	answer, err := p.ask([]byte{askState}, stateSize)
	if err == nil && words(answer)[2] != want.Cur {
		err = errNoTrace
	}
	return err
}

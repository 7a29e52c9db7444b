package runner

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/sys"
)

// VictimArgv0 is how netjail is told that it is the victim of an audit's attempts.
const VictimArgv0 = "netjail-victim"

// What netjail asks of the victim, one letter each, and how long its answers are.
// Both are in the machine's byte order.
const (
	askBecome = 'b' // with a uid and a gid, four bytes each: the answer is what PR_GET_DUMPABLE says
	askState  = 's' // the two marks, eight bytes each, and RLIMIT_FSIZE, soft and hard

	becomeSize = 9
	helloSize  = 5 * 8 // the addresses of its word and its marks, a descriptor, RLIMIT_FSIZE
	dumpSize   = 8
	stateSize  = 4 * 8
)

// Victim is the process outside the jail that a full audit's attempts aim at. It
// holds a known word at a known address and an open descriptor, both worth nothing,
// answers netjail on descriptor 0, and ends when nobody holds the other end. Every
// signal is blocked in it, so that those that come can be seen to have come.
func Victim() error {
	runtime.LockOSThread() // the first thread, whose number is the process's
	v, err := newVictimProcess()
	if err != nil {
		return err
	}
	if _, err := unix.Write(0, v.hello()); err != nil {
		return fmt.Errorf("answer netjail: %w", err)
	}
	b := make([]byte, becomeSize)
	for {
		n, err := unix.Read(0, b)
		if err == unix.EINTR {
			continue
		}
		if n == 0 || err != nil {
			return err // netjail has gone, or has no more use for it
		}
		if err := v.answer(b[:n]); err != nil {
			return err
		}
	}
}

type victimProcess struct {
	page    []byte
	address uint64
	fd      int
}

func newVictimProcess() (*victimProcess, error) {
	page, address, err := sys.NewPage()
	if err != nil {
		return nil, err
	}
	copy(page, plan.VictimWord)
	fd, err := unix.MemfdCreate("netjail-victim", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("open the victim's descriptor: %w", err)
	}
	return &victimProcess{page, address, fd}, exposed()
}

// exposed takes away what would shut an attempt in the place of the jail: that the
// process is not dumpable, and that Yama lets only its ancestors trace it. It also
// has the process end with netjail, which a change of its ids undoes.
func exposed() error {
	// Yama's own; EINVAL without it.
	if err := unix.Prctl(unix.PR_SET_PTRACER, unix.PR_SET_PTRACER_ANY, 0, 0, 0); err != nil && err != unix.EINVAL {
		return fmt.Errorf("let others trace the victim: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("make the victim dumpable: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("have the victim end with netjail: %w", err)
	}
	return nil
}

func (v *victimProcess) answer(question []byte) error {
	var answer []byte
	switch {
	case question[0] == askState && len(question) == 1:
		answer = append(answer, v.marks()...)
		answer = appendLimit(answer)
	case question[0] == askBecome && len(question) == becomeSize:
		if err := become(int(binary.NativeEndian.Uint32(question[1:])), int(binary.NativeEndian.Uint32(question[5:]))); err != nil {
			return err
		}
		dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		if err != nil {
			return fmt.Errorf("ask whether the victim is dumpable: %w", err)
		}
		answer = binary.NativeEndian.AppendUint64(answer, uint64(dumpable))
	default:
		return fmt.Errorf("answer netjail: %q is no question", question)
	}
	if _, err := unix.Write(0, answer); err != nil {
		return fmt.Errorf("answer netjail: %w", err)
	}
	return nil
}

// marks are the two words behind its own.
func (v *victimProcess) marks() []byte {
	const n = len(plan.VictimWord)
	return v.page[n : 3*n]
}

func (v *victimProcess) hello() []byte {
	var b []byte
	for _, n := range [...]uint64{v.address, v.address + uint64(len(plan.VictimWord)), uint64(v.fd)} {
		b = binary.NativeEndian.AppendUint64(b, n)
	}
	return appendLimit(b)
}

// appendLimit adds RLIMIT_FSIZE; zeros where it cannot be read, which no call on
// this process's own limits does.
func appendLimit(b []byte) []byte {
	var l unix.Rlimit
	unix.Getrlimit(unix.RLIMIT_FSIZE, &l)
	return binary.NativeEndian.AppendUint64(binary.NativeEndian.AppendUint64(b, l.Cur), l.Max)
}

// become takes on the ids of a jail of root's, and no groups.
func become(uid, gid int) error {
	if os.Getuid() == uid && os.Getgid() == gid {
		return nil
	}
	if err := syscall.Setgroups(nil); err != nil {
		return fmt.Errorf("drop the victim's groups: %w", err)
	}
	if err := syscall.Setresgid(gid, gid, gid); err != nil {
		return fmt.Errorf("change the victim's gid: %w", err)
	}
	if err := syscall.Setresuid(uid, uid, uid); err != nil {
		return fmt.Errorf("change the victim's uid: %w", err)
	}
	return exposed()
}

package cli

import (
	"bytes"
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/crew"
	"github.com/netjail/netjail/internal/probe"
	"github.com/netjail/netjail/internal/runner"
)

// testArgv0 is how netjail is told that it is one side of a test: a process of
// its own, because a run takes descriptors, signals and the working directory of
// a whole process.
const testArgv0 = "netjail-test"

// The sides, as first argument. Behind sideJail stand the profile and its digest,
// and behind both the command.
const (
	sideJail = "jail"
	sideHost = "host"
)

// testSide is one side of a test: it runs a command, ends what that leaves
// behind, and notes how it ended.
func (a *app) testSide(args []string) status {
	const note = 3
	unix.CloseOnExec(note)
	out := os.NewFile(note, "the note")
	var words bytes.Buffer
	a.stderr = &words
	end, err := a.sideEnd(args)
	if err != nil {
		end = noteNoJail
		a.explain(err)
	}
	if _, err := out.WriteString(end + "\n" + words.String()); err != nil {
		return exit(exitUnable)
	}
	return exit(exitOK)
}

func (a *app) sideEnd(args []string) (end string, err error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return "", err
	}
	switch {
	case len(args) > 3 && args[0] == sideJail:
		end, err = a.jailSide(args[1], args[2], args[3:])
	case len(args) > 1 && args[0] == sideHost:
		end, err = a.hostSide(args[1:])
	default:
		return "", errors.New(testArgv0 + " is netjail's own helper, not a command")
	}
	if left := crew.EndChildren(func(int) bool { return false }); err == nil {
		err = left
	}
	return end, err
}

// jailSide runs a command as `netjail run` does. The profile must still be the
// one whose tests were read.
func (a *app) jailSide(profile, digest string, argv []string) (string, error) {
	j, err := a.newJail(&selection{}, profile, argv)
	if err != nil {
		return "", err
	}
	if j.profile.Digest != digest {
		return "", &fault{message: profile + " has changed while it was tested"}
	}
	find := j.search(argv[0])
	path, ok := find.next()
	if argv[0] == probe.Argv0 {
		find, path, ok = newSearch(stub, nil), stub, true
	}
	if !ok {
		return absence(find), nil
	}
	result, err := j.start(find, path)
	var exec *runner.ExecError
	switch {
	case errors.As(err, &exec):
		return absenceOf(exec.Errno), nil
	case err != nil:
		return "", err
	}
	return ended(result.Status), nil
}

// hostSide runs a command as the caller would.
func (a *app) hostSide(argv []string) (string, error) {
	find := newSearch(argv[0], a.environ)
	path, ok := find.next()
	if argv[0] == probe.Argv0 {
		path, ok = stub, true
	}
	if !ok {
		return absence(find), nil
	}
	pid, err := syscall.ForkExec(path, argv, &syscall.ProcAttr{Env: a.environ, Files: []uintptr{0, 1, 2}})
	var errno unix.Errno
	if errors.As(err, &errno) {
		return absenceOf(errno), nil
	}
	if err != nil {
		return "", err
	}
	var status unix.WaitStatus
	for {
		if _, err = unix.Wait4(pid, &status, 0, nil); err != unix.EINTR {
			return ended(status), err
		}
	}
}

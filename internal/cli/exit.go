package cli

import "golang.org/x/sys/unix"

// The exit codes. `run` has those from 124 on and whatever the command ends
// with; the other commands have those up to 3.
const (
	exitOK            = 0
	exitFindings      = 1
	exitUsage         = 2
	exitUnable        = 3
	exitAtEnd         = 123
	exitTimeout       = 124
	exitFailed        = 125
	exitNotExecutable = 126
	exitNotFound      = 127
	exitSignal        = 128 // plus the signal's number
)

// exitMeaning documents one code.
type exitMeaning struct{ code, meaning string }

// exitsOfRun and exitsOfRest are the table that help, the manual page and
// docs/exit-status.md print.
func exitsOfRun() []exitMeaning {
	return []exitMeaning{
		{"N", "the command's own status, from 0 to 255"},
		{"128+N", "the command was killed by signal N; for INT and QUIT netjail dies by that signal itself, so that a shell's loop stops as it would have"},
		{"123", "the command ended with 0, and the audit at its end (`--at exit`) failed, or could not tell; any other status of the command's stays what it is"},
		{"124", "the command's time was over (`process.timeout`), and it was ended; netjail says so"},
		{"125", "netjail itself failed, or its audit refused: the command never ran (unless netjail says that it lost sight of it)"},
		{"126", "the command was found and could not be executed"},
		{"127", "the command was not found"},
	}
}

func exitsOfRest() []exitMeaning {
	return []exitMeaning{
		{"0", "nothing to report"},
		{"1", "findings: the profile has errors, a check did not pass, or a channel is open"},
		{"2", "wrong usage; nothing was done"},
		{"3", "the work could not be done"},
	}
}

// status is how netjail ends: with a code or, where signal is not 0, by that
// signal.
type status struct {
	code   int
	signal unix.Signal
}

func exit(code int) status { return status{code: code} }

// statusOf passes on how the command ended.
func statusOf(s unix.WaitStatus) status {
	if !s.Signaled() {
		return exit(s.ExitStatus())
	}
	end := exit(exitSignal + int(s.Signal()))
	if s.Signal() == unix.SIGINT || s.Signal() == unix.SIGQUIT {
		// A shell ends its loop when its child was killed by one of these,
		// and goes on when the child merely exited.
		end.signal = s.Signal()
	}
	return end
}

package e2e

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// eachShell runs f in an interactive bash on a terminal of its own, in which $N
// is `netjail run` with a profile.
//
// f runs once more with nothing in the place of $N, and netjailed false: what
// fails there is not netjail's.
func eachShell(t *testing.T, f func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool)) {
	t.Helper()
	jailtest.Require(t, "pty", "bash")
	each(t, func(t *testing.T, w *world) {
		t.Run("control", func(t *testing.T) { f(t, w, w.Shell(t, "N="), false) })
	})
	eachOf(t, terminalProfiles, func(t *testing.T, w *world, profile string) {
		v := *w
		v.relays = profile != "minimal"
		if profile == sharedPIDs {
			profile = v.profile(t, "shared-pids", "namespaces: {pid: host, mount: host}\n")
		}
		x := v.Shell(t, fmt.Sprintf("N='%s run %s'", w.netjail, profile))
		x.Type("cd " + w.dir + "\n") // the project, where the profile shares one
		x.Await(`\[0\]> $`)
		f(t, &v, x, true)
	})
}

// sharedPIDs stands for a profile with a terminal of the command's own and no pid
// namespace.
const sharedPIDs = "shared-pids"

// terminalProfiles are a terminal of the host's that is relayed, with a pid
// namespace and without, one of the jail's own, and one that is the caller's.
var terminalProfiles = []string{"base", sharedPIDs, "build", "minimal"}

// alive shows that the shell still answers, and that the job is gone.
func alive(x *jailtest.Terminal) {
	x.Type("jobs; echo alive-$((40+2))\n")
	x.Await(`alive-42\r\n\[0\]> $`)
}

// awaitForeground waits until comm sleeps in the terminal's foreground group: only
// then does what is typed reach it, and not the shell that is about to hand the
// terminal over. It returns the process; one of the number before is not meant.
func awaitForeground(t *testing.T, x *jailtest.Terminal, comm string, before ...int) (pid int) {
	t.Helper()
	jailtest.Eventually(t, comm+" sleeps in the foreground", func() bool {
		for _, p := range x.Processes() {
			if p.Comm == comm && p.State == 'S' && x.Reached(p) && !slices.Contains(before, p.PID) {
				pid = p.PID
				return true
			}
		}
		return false
	})
	return pid
}

// Ctrl-C ends a loop around netjail as it ends one around the command itself.
func TestInterruptLoop(t *testing.T) {
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, _ bool) {
		for _, command := range []string{"sleep 1000", "$N sleep 1000", "$N sh -c 'sleep 1000'"} {
			x.Type("while true; do " + command + "; done\n")
			awaitForeground(t, x, "sleep")
			x.Type(jailtest.CtrlC)
			x.Await(`\[130\]> $`)
			alive(x)
		}
		x.Type("ulimit -c 0; while true; do $N sleep 1000; done\n")
		quit := awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlBackslash)
		awaitForeground(t, x, "sleep", quit) // bash goes on behind QUIT, as around sleep itself
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
		alive(x)
	})
}

// Ctrl-Z stops netjail and the command; fg wakes both, again and again.
func TestSuspendAndResume(t *testing.T) {
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, netjailed bool) {
		x.Type("$N sleep 1000\n")
		awaitForeground(t, x, "sleep")
		for range 8 {
			x.Type(jailtest.CtrlZ)
			x.Await(`Stopped.*\r\n(?s:.*)\[14[78]\]> $`)
			x.AwaitProcess("sleep", 'T')
			if netjailed {
				x.AwaitProcess("netjail", 'T')
			}
			x.Type("fg\n")
			awaitForeground(t, x, "sleep")
			if netjailed {
				x.AwaitProcess("netjail", 'S')
			}
		}
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
		alive(x)
	})
}

// A command may stop itself, by whatever signal, and its whole process group as
// editors do.
func TestCommandStopsItself(t *testing.T) {
	jailtest.Require(t, "python3")
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, netjailed bool) {
		for _, command := range []string{
			`sh -c 'kill -STOP $$; echo went-on'`,
			`sh -c 'kill -TSTP $$; echo went-on'`,
			`python3 -c 'import os, signal; os.kill(0, signal.SIGTSTP); print("went-on")'`,
		} {
			for range 3 {
				x.Type("$N " + command + "\n")
				x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
				x.Type("fg\n")
				x.Await(`went-on\r\n\[0\]> $`)
			}
		}
		// Many times in one run: nothing old may come back and stop it again.
		const often = `import os, signal, sys
for n in range(10):
    print("turn", n, flush=True)
    sys.stdin.readline()
    os.kill(0, signal.SIGTSTP)
print("over")
`
		x.Type("$N python3 -c '" + often + "'\n")
		for n := range 10 {
			x.Await(fmt.Sprintf(`turn %d\r\n`, n))
			if netjailed {
				x.AwaitProcess("netjail", 'S') // nobody suspends a program before it has fully come back
			}
			x.Type("\n")
			x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
			x.Type("fg\n")
		}
		x.Await(`over\r\n\[0\]> $`)
		alive(x)
	})
}

// TSTP that is sent to netjail alone stops the command and then netjail.
func TestSuspendNetjailAlone(t *testing.T) {
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, netjailed bool) {
		if !netjailed {
			return
		}
		x.Type("$N sleep 1000\n")
		awaitForeground(t, x, "sleep")
		unix.Kill(x.AwaitProcess("netjail", 'S').PID, unix.SIGTSTP)
		x.Await(`Stopped(?s:.*)\[14[78]\]> $`)
		x.AwaitProcess("sleep", 'T')
		x.Type("fg\n")
		awaitForeground(t, x, "sleep")
		x.Type(jailtest.CtrlC)
		x.Await(`\[130\]> $`)
	})
}

// A job in the background that reads the terminal stops, and reads in the
// foreground. One with a terminal of its own waits there instead: netjail passes
// nothing on until it is in the foreground.
func TestBackgroundJob(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, netjailed bool) {
		for range 5 {
			x.Type("$N cat &\n")
			x.Await(`\[1\] \d+`)
			if w.relays {
				x.AwaitProcess("cat", 'S')
				x.Type("echo typed at the $((1+1))nd prompt\n")
				x.Await(`typed at the 2nd prompt\r\n`)
				x.Type("fg\n")
				awaitForeground(t, x, "cat")
			} else {
				x.AwaitProcess("cat", 'T')
				if netjailed {
					x.AwaitProcess("netjail", 'T')
				}
				resume(t, x, "cat")
			}
			x.Type("a line\n")
			x.Await(`a line\r\n`)
			x.Type(jailtest.CtrlD)
			x.Await(`\[0\]> $`)
			alive(x)
		}
		x.Type("$N sleep 1000 &\n")
		x.AwaitProcess("sleep", 'S')
		x.Type("kill %1; wait %1\n")
		x.Await(`\[143\]> $`)
		alive(x)
	})
}

// resume brings a job that the kernel stopped as a group to the foreground. Now
// and then netjail has read that the command is stopped, and stops itself when
// both run again already: then it takes a second fg, which harms nothing.
func resume(t *testing.T, x *jailtest.Terminal, comm string) {
	t.Helper()
	x.Type("fg\n")
	jailtest.Eventually(t, comm+" runs in the foreground", func() bool {
		running, stopped := false, false
		for _, p := range x.Processes() {
			running = running || p.Comm == comm && p.State == 'S' && x.Reached(p)
			stopped = stopped || p.State == 'T'
		}
		if stopped && x.Foreground() == x.Leader.Process.Pid {
			x.Type("fg\n")
		}
		return running && !stopped
	})
}

// counting counts KeyboardInterrupts and tells the number for each line.
const counting = `
n = -1
while True:
    try:
        if n < 0:
            n = 0
            print("ready", flush=True)
        if input() == "end":
            break
        print("so far", n, flush=True)
    except KeyboardInterrupt:
        n += 1
        print("interrupt", n, flush=True)
`

// What is typed reaches the command once, although the terminal sends it to
// netjail as well.
func TestTypedInterruptArrivesOnce(t *testing.T) {
	jailtest.Require(t, "python3")
	eachShell(t, func(t *testing.T, w *world, x *jailtest.Terminal, _ bool) {
		program := jailtest.File(t, w.dir, "count.py", counting, false)
		x.Type("$N python3 " + program + "\n")
		x.Await(`ready\r\n`)
		for n := 1; n <= 20; n++ {
			x.AwaitProcess("python3", 'S') // in read(2), which the signal ends
			x.Type(jailtest.CtrlC)
			x.Await(fmt.Sprintf(`interrupt %d\r\n`, n))
			x.Type("\n")
			x.Await(fmt.Sprintf(`so far %d\r\n`, n))
		}
		x.Type("end\n")
		x.Await(`\[0\]> $`)
	})
}

// A read-eval-print loop works as it does outside.
func TestReadEvalPrintLoop(t *testing.T) {
	jailtest.Require(t, "python3")
	eachShell(t, func(t *testing.T, _ *world, x *jailtest.Terminal, _ bool) {
		x.Type("$N python3 -q -i\n")
		x.Await(`>>> $`)
		x.Type("6*7\n")
		x.Await(`\b42\r\n>>> $`)
		x.Type("import time; print(6*8); time.sleep(1000)\n")
		x.Await(`48\r\n$`)
		x.AwaitProcess("python3", 'S')
		x.Type(jailtest.CtrlC)
		x.Await(`KeyboardInterrupt\r\n(?s:.*)>>> $`)
		x.Type("import os; os.isatty(0), os.ttyname(1)[:8]\n")
		x.Await(`\(True, '/dev/pts'\)\r\n>>> $`)
		x.Type(jailtest.CtrlD)
		x.Await(`\[0\]> $`)
		alive(x)
	})
}

// netjail leaves the terminal's foreground process group alone, and the command
// is in it.
func TestForegroundGroup(t *testing.T) {
	jailtest.Require(t, "pty")
	eachOf(t, withAndWithoutPID(), func(t *testing.T, w *world, profile string) {
		x := w.Terminal(t, "sh", "-c", "echo before; read x; "+w.netjail+" run "+profile+" sh -c 'echo inside; read x'; echo after; read x")
		x.Await(`before\r\n`)
		group := x.Foreground()
		for _, place := range []string{"inside", "after"} {
			x.Type("\n")
			x.Await(place + `\r\n`)
			if now := x.Foreground(); now != group {
				t.Errorf("%s, the foreground group is %d, before it was %d", place, now, group)
			}
		}
		if group != x.Leader.Process.Pid {
			t.Errorf("the foreground group was %d from the start, the shell is %d", group, x.Leader.Process.Pid)
		}
	})
}

// Ctrl-C at whatever moment of the start ends netjail and the command.
func TestInterruptDuringSetUp(t *testing.T) {
	jailtest.Require(t, "pty")
	eachOf(t, append(withAndWithoutPID(), "offline-strict"), func(t *testing.T, w *world, profile string) {
		for round := range 80 {
			x := w.Terminal(t, w.netjail, "run", profile, "sleep", "1000")
			time.Sleep(time.Duration(round) * 75 * time.Microsecond) // the moment is what varies
			x.Type(jailtest.CtrlC)
			ended := make(chan error, 1)
			go func() { ended <- x.Leader.Wait() }()
			select {
			case <-ended:
			case <-time.After(20 * time.Second):
				t.Fatalf("round %d: Ctrl-C is lost: %v", round, x.Processes())
			}
			if s := x.Leader.ProcessState.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != unix.SIGINT {
				t.Errorf("round %d: netjail ended with %#x: %s", round, s, x.Screen())
			}
		}
	})
}

package plan

import (
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Deeds about the streams, which netjail does before the clone. Their one
// argument is the stream's number.
const (
	DeedPipe     = "relay-pipe"     // pipe2; the command's end goes to the child, netjail copies
	DeedReopen   = "reopen"         // openat of /proc/self/fd/N in one direction
	DeedTerminal = "relay-terminal" // a new pseudo-terminal, whose master netjail keeps
)

// streams decides about each of 0 to 2 that the command inherits.
func (b *builder) streams() {
	for n := range StreamCount {
		s := &b.host.Streams[n]
		if !slices.Contains(b.policy.Process.InheritFDs, n) {
			continue
		}
		switch {
		case s.Kind == StreamSocket && b.policy.Process.StdioSockets == policy.StdioRelay:
			b.plan.Streams[n] = TreatPipe
		case s.Kind == StreamTerminal && b.policy.Process.Terminal == policy.TerminalIsolated:
			b.plan.Streams[n] = b.terminalTreatment(n)
		}
	}
	b.plan.Leads = b.plan.Streams[0] == TreatRelay
	b.plan.OwnTerminal = b.ownTerminal()
}

// terminalTreatment relays a terminal only where all three streams are that one.
// One that is open in one direction already may stay.
func (b *builder) terminalTreatment(n int) Treatment {
	if RelaysTerminal(b.policy, b.host) {
		return TreatRelay
	}
	if b.host.Streams[n].Access == accessReadWrite {
		return TreatReopen
	}
	return TreatKeep
}

// RelaysTerminal says whether the command gets a terminal of its own in place of
// the caller's: where 0, 1 and 2 are that one, and the profile isolates it. In a pid
// namespace that is joined it gets none: the reaper, which leads the session, would
// have to be its parent there.
func RelaysTerminal(p *policy.Policy, h *Host) bool {
	if p.Namespaces[ns.PID] == policy.NamespaceJoin {
		return false
	}
	for n := range StreamCount {
		if !slices.Contains(p.Process.InheritFDs, n) || !h.Streams[0].sameTerminal(&h.Streams[n]) {
			return false
		}
	}
	return p.Process.Terminal == policy.TerminalIsolated
}

// prepareStreams is what netjail does about them before the clone.
func (b *builder) prepareStreams() {
	if b.plan.OwnTerminal {
		return // makeTerminal does it, in the jail's tree
	}
	if b.plan.Leads {
		b.parent(Op{
			Name: "stdio.terminal", Call: DeedTerminal, Key: "process.terminal", Args: []Arg{num(0)},
			Why: "0, 1 and 2 are all the caller's terminal: the command gets one of its own, and netjail stands between",
		})
		return
	}
	for n := range StreamCount {
		switch b.plan.Streams[n] {
		case TreatPipe:
			b.parent(Op{
				Name: "stdio.pipe." + strconv.Itoa(n), Call: DeedPipe, Key: "process.stdioSockets", Args: []Arg{num(n)},
				Why: "it is a socket of the host's: the command gets a pipe, and netjail copies",
			})
		case TreatReopen:
			b.parent(Op{
				Name: "stdio.reopen." + strconv.Itoa(n), Call: DeedReopen, Key: "process.terminal", Args: []Arg{num(n)},
				Why: "the command is to " + direction(n) + " the caller's terminal, and nothing else",
			})
		}
	}
}

func direction(n int) string {
	if n == 0 {
		return "read from"
	}
	return "write to"
}

// replaceStreams puts what netjail prepared in the place of the caller's
// streams. Where a tree is made, its end closes what has served here as well.
func (b *builder) replaceStreams() {
	if b.plan.OwnTerminal {
		return
	}
	for n := range StreamCount {
		var key string
		switch b.plan.Streams[n] {
		case TreatKeep:
			continue
		case TreatPipe:
			key = "process.stdioSockets"
		default:
			key = "process.terminal"
		}
		from := b.fd(FDStream + FD(n))
		b.child(Op{
			Name: "stdio.replace." + strconv.Itoa(n), Call: "dup3", Key: key, Args: []Arg{from, num(n), num(0)}, Expect: equal(int64(n)),
			Why: "the caller's own is closed by it",
		})
		if !b.makesTree() {
			b.child(Op{Name: "stdio.close." + strconv.Itoa(n), Call: "close", Key: key, Args: []Arg{from}, Why: "it has served"})
		}
	}
}

// lead makes the process that becomes the reaper the leader of a new session
// with the new terminal. The command cannot be it: a command that is to be
// stopped by its terminal needs a parent in its session and in another process
// group (orphaned process groups, setpgid(2)).
func (b *builder) lead() {
	if !b.plan.Leads {
		return
	}
	b.child(Op{
		Name: "terminal.session", Call: "setsid", Key: "process.terminal",
		Why: "the caller's terminal is not this session's",
	})
	b.child(Op{
		Name: "terminal.control", Call: "ioctl", Key: "process.terminal", Args: []Arg{num(0), named("TIOCSCTTY", 0x540e), num(0)},
		Why: "the new one is: what is typed there can stop and end the command",
	})
}

// foreground gives the command a process group of its own, in the foreground of
// its terminal.
func (b *builder) foreground() {
	if !b.plan.Leads {
		return
	}
	b.child(Op{
		Name: "terminal.group", Call: "setpgid", Key: "process.terminal", Args: []Arg{num(0), num(0)},
		Why: "the terminal's signals are for the command's group",
	})
	b.child(Op{
		Name: "terminal.foreground", Call: "ioctl", Key: "process.terminal",
		Args: []Arg{num(0), named("TIOCSPGRP", 0x5410), outOf(ForkOp, 0)},
		Why:  "tcsetpgrp(3): what is typed is for the command",
	})
}

// forks says whether there is a reaper: as pid 1 of a new pid namespace, or as
// the leader of a new session.
func (b *builder) forks() bool { return b.policy.New(ns.PID) || b.plan.Leads }

func number(n int) string { return strconv.Itoa(n) }

package plan

import "github.com/netjail/netjail/internal/tree"

// DeedTakeTerminal is netjail's: it receives the master of a terminal that the
// child has opened, and gives it the modes and the size of the caller's.
const DeedTakeTerminal = "take-terminal"

// SendTerminalOp is the op that hands the master over; TerminalWord is what is said
// with it.
const (
	SendTerminalOp = "terminal.send"
	TerminalWord   = "term"
)

// Descriptors of the terminal, of linux/fcntl.h and asm-generic/ioctls.h.
var (
	openTerminal = flags(named("O_RDWR", 2), named("O_NOCTTY", 0o400), named("O_CLOEXEC", 0o2000000))
	unlock       = named("TIOCSPTLCK", 0x40045431)
	peer         = named("TIOCGPTPEER", 0x5441)
)

// ownTerminal says whether the command's terminal comes from the jail's own
// /dev/pts, in which it then has a name, and the host's has none for it.
func (b *builder) ownTerminal() bool {
	if !b.plan.Leads || !b.makesTree() || b.host.Tree.InPlace {
		return false
	}
	for i := range b.host.Tree.Entries {
		if e := &b.host.Tree.Entries[i]; e.Kind == tree.Devpts && e.Target == "/dev/pts" {
			return true
		}
	}
	return false
}

// makeTerminal opens a terminal in the jail's own tree, puts it in the place of the
// caller's, and hands its master to netjail. Whoever opens it owns it: the command.
func (b *builder) makeTerminal() {
	if !b.plan.OwnTerminal {
		return
	}
	const open, peerOp = "terminal.open", "terminal.peer"
	master := b.fd(FDStream)
	b.terminalOp(Op{
		Name: open, Call: "openat", Args: []Arg{atFDCWD, str("/dev/pts/ptmx"), openTerminal, num(0)},
		Why: "a terminal of the jail's own devpts: it has a name in there, and none outside",
	})
	b.terminalOp(Op{
		Name: "terminal.unlock", Call: "ioctl", Args: []Arg{result(open), unlock, raw(make([]byte, 4), "&0")}, Why: "unlockpt(3)",
	})
	b.terminalOp(Op{
		Name: peerOp, Call: "ioctl", Args: []Arg{result(open), peer, openTerminal}, Why: "the end that is the command's",
	})
	b.terminalOp(Op{
		Name: "terminal.number", Call: "dup3", Args: []Arg{result(open), master, named("O_CLOEXEC", 0o2000000)}, Expect: equal(int64(master.Value)),
		Why: "a message takes a number that is known beforehand",
	})
	b.terminalOp(Op{
		Name: SendTerminalOp, Call: "sendmsg", Args: []Arg{b.fd(FDGate), passing(TerminalWord, master), num(0)}, Expect: equal(int64(len(TerminalWord))),
		Why: "netjail stands between this terminal and the caller's",
	})
	b.parent(Op{
		Name: "stdio.terminal", Call: DeedTakeTerminal, Key: "process.terminal", Args: []Arg{num(0)},
		Why: "0, 1 and 2 are all the caller's terminal: the command gets one of its own, and netjail stands between",
	})
	for n := range StreamCount {
		b.terminalOp(Op{
			Name: "stdio.replace." + number(n), Call: "dup3", Args: []Arg{result(peerOp), num(n), num(0)}, Expect: equal(int64(n)),
			Why: "the caller's own is closed by it",
		})
	}
	b.terminalOp(Op{
		Name: "terminal.close", Call: "close", Args: []Arg{each}, Each: []Arg{result(open), master, result(peerOp)},
		Why: "the master is netjail's alone, and the rest has served",
	})
}

func (b *builder) terminalOp(o Op) {
	o.Key = "process.terminal"
	b.child(o)
}

// passing is a message with a descriptor: struct msghdr of a 64-bit machine, with
// one struct iovec, and one struct cmsghdr of SOL_SOCKET and SCM_RIGHTS.
//
// Source: sendmsg(2), cmsg(3), unix(7).
func passing(text string, fd Arg) Arg {
	const solSocket, scmRights, head = 1, 1, 16
	words := func(text string, w ...Arg) Arg { return Arg{Kind: ArgWords, Block: &Block{Words: w, Text: text}} }
	vector := words("", raw([]byte(text), ""), num(len(text)))
	control := words("", num(head+4), num(solSocket|scmRights<<32), fd)
	return words(`{"`+text+`", SCM_RIGHTS `+fd.Name+`}`, null, num(0), vector, num(1), control, num(head+8), num(0))
}

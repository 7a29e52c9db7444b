package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
)

// Target is a running process that somebody else may have made, as /proc, nsfs
// and its pidfd tell of it. Nothing of it is asked or changed.
type Target struct {
	PID  int
	Name string // of its first thread, in whatever bytes it chose
	Exe  Fact[string]
	// Start is when it was started, in clock ticks since the host's start: with the
	// number it names one process.
	Start uint64
	// Threads is how many threads were read.
	Threads int
	// Kinds are the threads that differ in what belongs to a thread: credentials,
	// namespaces, filter, and descriptors or directories where it does not share
	// those of the first. Kinds[0] holds the first thread.
	Kinds []Kind
	// Unread says why there may be threads that no kind stands for; empty where
	// every one was read.
	Unread string
	// Environ are the names of the variables that it was started with.
	Environ Fact[[]string]
	// Sockets are the pathname sockets of netjail's network namespace that the
	// process finds too, as netjail names them.
	Sockets Fact[[]string]
	// Entered says whether it is in a jail without descending from anybody who was
	// started there. It is told at a command's end, where a pid namespace holds all
	// descendants.
	Entered Fact[bool]
	// Company is who is in those of its namespaces that are not netjail's own; nil
	// where nobody looked.
	Company *Census
	// Own is netjail itself, with its mounts.
	Own Self
	// Crash is what the host makes of a process that crashes.
	Crash Crash
	// Yama is the host's kernel.yama.ptrace_scope; 0 where there is no Yama.
	Yama Fact[int]
}

// Kind is a thread, and how many there are like it.
type Kind struct {
	TID   int
	Name  string
	Count int
	Process
}

// The errors of ReadTarget.
var (
	ErrNoTarget = errors.New("there is no such process")
	ErrGone     = errors.New("the process ended while it was read")
	ErrThread   = errors.New("the number is that of a thread")
	ErrHidden   = errors.New("/proc does not show the process")
)

// ChangedError says that the process became another one while it was read.
type ChangedError struct{ What string }

// Error is "the process changed while it was read: …".
func (e *ChangedError) Error() string { return "the process changed while it was read: " + e.What }

// identity is what must be the same before and after.
type identity struct {
	start      uint64
	exe        string
	uids, gids IDs
	user       NamespaceID
}

// changed says in what two identities differ.
func (i *identity) changed(to *identity) string {
	switch {
	case i.start != to.start:
		return "its number was given to another"
	case i.exe != to.exe:
		return "it executed " + strconv.Quote(to.exe) + " instead of " + strconv.Quote(i.exe)
	case i.uids != to.uids, i.gids != to.gids:
		return fmt.Sprintf("its ids were %v %v and are %v %v", i.uids, i.gids, to.uids, to.gids)
	case i.user != to.user:
		return "it entered another user namespace"
	}
	return ""
}

// threadKey is what makes a thread like another.
type threadKey struct {
	caps       caps.Sets
	noNewPrivs bool
	seccomp    int
	uids, gids IDs
	groups     string
	namespaces [ns.Count]NamespaceID
	unread     string // what could not be read, and why
	open       string // of a thread with descriptors of its own
	place      string // of a thread with a root and working directory of its own
}

func (p *Process) key() threadKey {
	k := threadKey{
		caps: p.Caps.Value, noNewPrivs: p.NoNewPrivs.Value, seccomp: p.Seccomp.Value,
		uids: p.UIDs.Value, gids: p.GIDs.Value, groups: fmt.Sprint(p.Groups.Value),
		unread: p.Caps.Why + p.NoNewPrivs.Why + p.Seccomp.Why + p.UIDs.Why + p.GIDs.Why + p.Groups.Why,
	}
	for i, id := range p.Namespaces {
		k.namespaces[i] = id.Value
		k.unread += id.Why
	}
	return k
}

// environNames are the names of variables, as execve(2) left them. A text without
// an equals sign has no name.
func environNames(text []byte) []string {
	names := []string{}
	for _, v := range bytes.Split(text, []byte{0}) {
		if name, _, ok := bytes.Cut(v, []byte{'='}); ok && len(name) > 0 {
			names = append(names, string(name))
		}
	}
	return names
}

// parseStart reads the name and the start time of /proc/PID/stat. The name stands
// in parentheses and may hold anything, parentheses and line breaks as well.
func parseStart(text []byte) (name string, start uint64, err error) {
	first, last := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if first < 0 || last < first {
		return "", 0, errNoStat
	}
	const startField = 22 - 3 // proc_pid_stat(5) counts from 1, and two stand before
	fields := bytes.Fields(text[last+1:])
	if len(fields) <= startField {
		return "", 0, errNoStat
	}
	start, err = strconv.ParseUint(string(fields[startField]), 10, 64)
	if err != nil {
		return "", 0, errNoStat
	}
	return string(text[first+1 : last]), start, nil
}

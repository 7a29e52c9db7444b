package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"slices"
	"time"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// channel is one way out of a jail: an attempt that is made inside, and a canary
// that stands outside and decides.
type channel struct {
	id    string // the report's name for it, where it has one
	group string
	what  string // in words, for the table
	set   setting
	// lay puts the canary out, in the process that starts the jail.
	lay func(*caller) (*canary, error)
	// try is the attempt, in a process of its own, with the arguments that lay
	// gave. What it answers is for the canary; an error says what held it.
	try func(args []string) (string, error)
	// word says that nothing can be seen from outside: what is gained is more of
	// the kernel, and the attempt's own word counts.
	word bool
	// fd says that the canary is a descriptor that the jail's caller holds open.
	// The attempt gets its number as its first argument.
	fd bool
	// fate is the key that leaves the channel open, "" where it is closed.
	fate func(*opening) string
}

// canary tells whether an attempt got out.
type canary struct {
	args []string
	fd   *os.File // what is inherited
	// lacks says why nobody gets out here, even without netjail.
	lacks string
	// before is done right before the attempt.
	before func()
	// late says that it takes the canary a moment to see what came: another
	// thread or process does.
	late bool
	// crossed is asked after the attempt, while its process still lives. A
	// channel whose word counts has none.
	crossed func(answer string) bool
}

// setting is what the jail's streams are.
type setting string

const (
	withPipes      setting = "pipes"               // 0, 1 and 2, in a session without a terminal
	withUnixSocket setting = "unix socket"         // 0 and 1 are one, as under ssh
	withInetSocket setting = "inet socket"         // 0 and 1 are one, as under inetd
	withTerminal   setting = "terminal"            // 0, 1 and 2
	withErrors     setting = "terminal for errors" // 2 alone, and the session has it
)

func settings() []setting {
	return []setting{withPipes, withUnixSocket, withInetSocket, withTerminal, withErrors}
}

// opening is what decides whether a channel is open: the profile and the account.
type opening struct {
	*policy.Policy
	root bool // run by root
}

// host says whether a namespace is the caller's.
func (o *opening) host(k ns.Kind) bool { return !o.New(k) }

// files says whether the host's file tree is the jail's.
func (o *opening) files() bool { return o.Filesystem.Root == policy.RootHost }

// unfiltered says whether the keys that the filter stands for are all open.
func (o *opening) unfiltered() bool { return !o.Filtered() }

// itself says whether root's command is the host's root: without a user
// namespace of its own its ids are.
func (o *opening) itself() bool { return o.host(ns.User) }

// owns says whether the command has the caller's identity on the host: an
// ordinary user's has, root's gets ids that own nothing.
func (o *opening) owns() bool { return !o.root || o.itself() }

// all are the channels that are open.
func (o *opening) all() (ids []string) {
	for _, c := range channels() {
		if c.fate(o) != "" {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// when is the key where held is true.
func when(held bool, key string) string {
	if held {
		return key
	}
	return ""
}

// channels are all of them, in the table's order.
func channels() []channel {
	return slices.Concat(networkChannels(), descriptorChannels(), streamChannels(), unixChannels(), reentryChannels(),
		processChannels(), sharedChannels(), terminalChannels(), fileChannels(), callChannels())
}

func channelNamed(id string) *channel {
	all := channels()
	if i := slices.IndexFunc(all, func(c channel) bool { return c.id == id }); i >= 0 {
		return &all[i]
	}
	return nil
}

// nonce is a word that nobody guesses.
func nonce() string {
	b := make([]byte, 8)
	rand.Read(b)
	return "canary-" + hex.EncodeToString(b)
}

// within polls until f is true or the time is over: for canaries that an answer
// says were reached.
func within(d time.Duration, f func() bool) bool {
	for end := time.Now().Add(d); !f(); {
		if time.Now().After(end) {
			return false
		}
		time.Sleep(time.Millisecond)
	}
	return true
}

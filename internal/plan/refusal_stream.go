package plan

import (
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/policy"
)

// refuseStreams says what of the caller's descriptors does not go with the
// policy.
func (b *builder) refuseStreams(r *refusals) {
	for n := range StreamCount {
		if s := &b.host.Streams[n]; s.Kind == StreamSocket && slices.Contains(b.policy.Process.InheritFDs, n) {
			b.refuseSocket(r, n, s)
		}
	}
	for _, named := range b.host.NamedFDs {
		if !slices.Contains(b.policy.Process.InheritFDs, named.Number) {
			n := strconv.Itoa(named.Number)
			r.add("process.inheritFds", "the argument "+strconv.Quote(named.Text)+" names descriptor "+n+", which the profile closes",
				"add "+n+" to `process.inheritFds`, or give the command a file in its place")
		}
	}
}

func (b *builder) refuseSocket(r *refusals, n int, s *Stream) {
	cause := "descriptor " + strconv.Itoa(n) + " is " + s.socketText()
	switch b.policy.Process.StdioSockets {
	case policy.StdioRefuse:
		r.add("process.stdioSockets", cause, "start netjail with files or pipes, or write `stdioSockets: relay`")
	case policy.StdioRelay:
		if !s.relayable() {
			r.add("process.stdioSockets", cause+", for which no pipe can stand", s.remedy())
		}
	}
}

// remedy says what to do about a socket that cannot be relayed.
func (s *Stream) remedy() string {
	if s.Listening {
		return "start netjail once for each connection (inetd's `nowait`, systemd's `Accept=yes`), or write `stdioSockets: pass`, which leaves the command a socket of the host's"
	}
	return "start netjail with a connected stream socket, a file or a pipe there, or write `stdioSockets: pass`, which leaves the command a socket of the host's"
}

package tree

import "github.com/netjail/netjail/internal/policy"

const unixKey = "sockets.unix"

// claimSockets claims the host's sockets that stay in reach. The others are out
// of it because the tree that the command sees is one of overlays.
func (l *layer) claimSockets() {
	u := l.policy.Sockets.Unix
	if u != policy.UnixIsolated && u != policy.UnixAllow {
		return
	}
	if l.layout.InPlace {
		l.refuse(unixKey, "with `root: host` every socket of the host is in reach", "write `root: system` or another root that is not `host`, or `unix: deny`")
		return
	}
	if l.files.Home == policy.HomeHost {
		l.refuse(unixKey, "with `home: host` every socket in the home directory is in reach", "write another word for `home`, or `unix: deny`")
		return
	}
	for _, written := range l.policy.Sockets.UnixAllowed {
		s, ok := l.find(unixKey, written)
		if !ok {
			continue
		}
		if !s.node.is(typeSocket) {
			l.refuse(unixKey, called(written, s.path)+" is no unix socket that can be seen", "start what listens on it first, or take it out of `allow`")
			continue
		}
		// A read-only mount keeps nobody from connecting, but the socket's owner from
		// opening it to others.
		l.add(claim{Entry: Entry{
			Kind: Bind, Target: s.path, Source: s.path, Node: s.node, Options: ReadOnly | Nosuid | Nodev | Noexec,
			Key: unixKey, Why: "a socket of the host that stays in reach",
		}, found: s.node})
		l.want(unixKey, s.links)
	}
}

package e2e

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/policy"
)

// streamChannels are what a socket among 0 to 2 is more than a stream of bytes.
func streamChannels() []channel {
	passed := func(o *opening) string {
		return when(o.Process.StdioSockets == policy.StdioPass, "process.stdioSockets")
	}
	const group = "Standard streams"
	return []channel{
		{
			id: "stdio.unix", group: group, what: "a descriptor sent over standard output, under ssh or systemd", set: withUnixSocket, fate: passed,
			lay: layReceiver, try: func([]string) (string, error) { return "", sendDescriptor(1) },
		},
		{
			id: "stdio.inet", group: group, what: "urgent data on the connection that is standard output, under inetd", set: withInetSocket, fate: passed,
			lay: layUrgent, try: func([]string) (string, error) { return "", unix.Sendto(1, []byte("!"), unix.MSG_OOB, nil) },
		},
	}
}

// layReceiver counts the descriptors that come with the answer.
func layReceiver(c *caller) (*canary, error) {
	return &canary{crossed: func(string) bool { return c.post.descriptors > 0 }}, nil
}

// sendDescriptor sends one over a unix socket.
func sendDescriptor(fd int) error {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	return unix.Sendmsg(fd, []byte{' '}, unix.UnixRights(int(null.Fd())), nil, 0)
}

// layUrgent counts what came out of band.
func layUrgent(c *caller) (*canary, error) {
	return &canary{crossed: func(string) bool { return c.post.urgent > 0 }}, nil
}

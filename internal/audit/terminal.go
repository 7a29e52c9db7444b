package audit

import (
	"github.com/netjail/netjail/internal/evidence"
)

// How a descriptor is open: linux/fcntl.h.
const (
	accessRead      = 0
	accessWrite     = 1
	accessReadWrite = 2
)

// terminals are the command's descriptors that are terminals. why is not empty
// where something about one of them is not known.
func (c *Case) terminals(f *Finding) (open []evidence.FD, why string, ok bool) {
	fds, ok := c.kept(f)
	if !ok {
		return nil, "", false
	}
	open = ofKind(fds, func(d *evidence.FD) bool { return d.Kind == evidence.FDTerminal })
	for _, d := range open {
		if why == "" {
			why = missing(d.Terminal)
		}
	}
	return open, why, true
}

// made says whether a terminal is the one that netjail made for the command.
func (c *Case) made(d evidence.FD) bool {
	own := c.Evidence.Terminal
	return c.Expect.Leads && own != nil && d.Terminal.Known && d.Terminal.Value.Terminal == *own
}

// terminalText is "0 /dev/pts/3 (to read)".
func terminalText(d evidence.FD) string {
	switch d.Terminal.Value.Access {
	case accessRead:
		return fdText(d) + " (to read)"
	case accessWrite:
		return fdText(d) + " (to write)"
	}
	return fdText(d) + " (to read and write)"
}

// terminalList lists terminals with their directions.
func terminalList(open []evidence.FD) string {
	if len(open) == 0 {
		return "no terminal"
	}
	texts := make([]string, 0, len(open))
	for _, d := range open {
		texts = append(texts, terminalText(d))
	}
	return list(texts)
}

package audit

import "github.com/netjail/netjail/internal/ns"

var escapeFIFO = Rule{
	ID:       "escape.fifo",
	Proves:   "No FIFO that netjail made at a path of the host finds its reader from that path: not in /tmp, /run, /opt and /dev/shm, not in the home or the working directory.",
	Evidence: "openat(2) by the jailed process, to write, of FIFOs that netjail reads; poll(2) tells netjail whether somebody opened the other end",
	Control:  "netjail's own opening of each is seen, and the jailed process opens a file of its own",
	Remedy:   "set filesystem.root to system or readonly, or share less in filesystem.writable and filesystem.mounts",
	Key:      keyRoot,
	Judge:    judgeEscapeFIFO,
}

func judgeEscapeFIFO(c *Case) Finding {
	if c.joins(ns.Mount) {
		return Finding{Expected: "any"}.declared("namespaces.mount is joined: every FIFO of its files that the command may open; whose they are, no key says")
	}
	if c.shareMounts() {
		return Finding{Expected: "host"}.declared("namespaces.mount is host: every FIFO that the caller may open")
	}
	f := Finding{Expected: "refused"}
	b, done := c.baits(&f)
	if !done {
		return f
	}
	if why := b.Without["fifos"].Why; why != "" {
		return absent(f, b.Without["fifos"])
	}
	tries, ok := at(b.FIFOs, c.Evidence.Inside.Tries.FIFOs)
	if !ok {
		return f.unknown("netjail made " + number(len(b.FIFOs)) + " FIFOs, and the jailed process tried " + number(len(c.Evidence.Inside.Tries.FIFOs)))
	}
	hidden, open := c.sorted(tries)
	if len(hidden) > 0 {
		if f = judgeTried(f, hidden, []string{"ENOENT", "ENOTDIR", "ENXIO", "EACCES", "EPERM", "EROFS"}); f.Verdict != Pass {
			return f
		}
	}
	switch {
	case len(hidden) == 0 && len(open) == 0:
		return f.unknown("netjail made no FIFO: it may write nowhere")
	case len(open) == 0:
		return f
	}
	if f.Found != "" {
		f.Found += "; "
	}
	f.Side, f.Source, f.Found = SideInside, open[0].try.Source, f.Found+"in reach on purpose: "+list(places(open))
	if len(hidden) > 0 && !c.Expect.Tree.InPlace {
		return f // what a key shares by name fs.fifo declares
	}
	return f.declared("these paths are the host's: fs.fifo says which key shares them")
}

// sorted parts what the command is to see from what it is not: what a key shares
// is in reach on purpose. Of each only the directory is kept as its place.
func (c *Case) sorted(list []tried) (hidden, open []tried) {
	for _, t := range list {
		path := t.place
		t.place = parentOf(path)
		if c.Expect.reach.shows(path) {
			open = append(open, t)
			continue
		}
		hidden = append(hidden, t)
	}
	return hidden, open
}

func places(list []tried) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].place
	}
	return names
}

package evidence

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/netjail/netjail/internal/inet"
)

// fibEntry is an IPv4 route as /proc/PID/net/fib_trie tells it: of every table,
// with its kind, without its interface.
type fibEntry struct {
	prefix inet.Prefix
	// kind is RTN_* of linux/rtnetlink.h.
	kind uint8
	// host is scope host.
	host bool
	// main is true where the entry stands in the tables main or local; until the
	// first routing rule is made the two are one, and each shows the other's.
	main bool
}

// ownAddress says whether the entry is one of an address of this host.
func (e fibEntry) ownAddress() bool { return e.kind == routeLocal && e.host && e.prefix.Bits() == 32 }

// subnet says whether the entry is one that an interface's address brings along.
func (e fibEntry) subnet() bool {
	return e.prefix.Bits() < 32 && (e.kind == routeLocal && e.host || e.kind == routeUnicast)
}

var errTrie = errors.New("not a line of fib_trie")

// fibParser goes through the text: a table's name in the first column, inner
// nodes (`+-- prefix counters`), leaves (`|-- address`), and below a leaf its
// entries (`/length scope kind`).
type fibParser struct {
	entries []fibEntry
	named   bool // a table has been named
	main    bool
	leaf    inet.Addr
}

// parseFibTrie reads the text of /proc/PID/net/fib_trie. The entries come sorted
// and without repetition. An empty text is a namespace with no IPv4 route.
func parseFibTrie(text []byte) ([]fibEntry, error) {
	p := fibParser{entries: []fibEntry{}}
	err := eachLine(text, func(line []byte) error {
		if err := p.line(line); err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(p.entries, compareEntries)
	return slices.Compact(p.entries), nil
}

func compareEntries(a, b fibEntry) int {
	number := func(e fibEntry) int {
		n := int(e.kind) << 2
		if e.host {
			n |= 1
		}
		if e.main {
			n |= 2
		}
		return n
	}
	return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), a.prefix.Bits()-b.prefix.Bits(), number(a)-number(b))
}

func (p *fibParser) line(line []byte) error {
	text := bytes.TrimLeft(line, " ")
	if len(text) == len(line) {
		return p.table(text)
	}
	if !p.named {
		return errTrie
	}
	if leaf, ok := bytes.CutPrefix(text, []byte("|-- ")); ok {
		var err error
		p.leaf, err = parseQuad(leaf)
		return err
	}
	if bytes.HasPrefix(text, []byte("+-- ")) {
		p.leaf = inet.Addr{}
		return nil
	}
	return p.entry(text)
}

// table takes in `Main:`, `Local:` or `Id 100:`.
func (p *fibParser) table(name []byte) error {
	p.named, p.leaf = true, inet.Addr{}
	switch string(name) {
	case "Main:", "Local:":
		p.main = true
		return nil
	}
	p.main = false
	number, isID := bytes.CutPrefix(name, []byte("Id "))
	number, ended := bytes.CutSuffix(number, []byte(":"))
	if _, err := decimal32(number); !isID || !ended || err != nil {
		return errTrie
	}
	return nil
}

// entry takes in `/32 host LOCAL`, to which ` tos=N` may be added.
func (p *fibParser) entry(text []byte) error {
	var field [4][]byte
	n := 3
	if bytes.Contains(text, []byte(" tos=")) {
		n = 4
	}
	length, slash := bytes.CutPrefix(text, []byte("/"))
	if !slash || !p.leaf.IsValid() || !fields(field[:n], length) {
		return errTrie
	}
	bits, err := decimal(field[0], 32)
	if err != nil {
		return err
	}
	kind, err := fibKind(field[2])
	if err != nil {
		return err
	}
	prefix := inet.PrefixFrom(p.leaf, int(bits))
	if prefix != prefix.Masked() {
		return errors.New("the prefix has bits beyond its length")
	}
	p.entries = append(p.entries, fibEntry{prefix, kind, string(field[1]) == "host", p.main})
	return nil
}

// fibKind reads the name of a kind of route.
func fibKind(name []byte) (uint8, error) {
	switch string(name) {
	case "UNICAST":
		return routeUnicast, nil
	case "LOCAL":
		return routeLocal, nil
	case "BROADCAST":
		return routeBroadcast, nil
	case "ANYCAST":
		return routeAnycast, nil
	case "MULTICAST":
		return routeMulticast, nil
	case "BLACKHOLE":
		return routeBlackhole, nil
	case "UNREACHABLE":
		return routeUnreachable, nil
	case "PROHIBIT":
		return routeProhibit, nil
	case "THROW":
		return routeThrow, nil
	}
	return 0, fmt.Errorf("unknown kind of route %q", name)
}

// parseQuad reads a dotted IPv4 address.
func parseQuad(text []byte) (inet.Addr, error) {
	a, err := inet.ParseAddr(string(text))
	if err != nil || !a.Is4() {
		return inet.Addr{}, errTrie
	}
	return a, nil
}

package evidence

import (
	"fmt"
	"syscall"

	"github.com/netjail/netjail/internal/plan"
)

// fromDump decodes a netlink dump from the readings that received it. Some
// kernels put the end mark into a datagram of its own, others into the last one
// with content; in that case the next receive finds nothing (EAGAIN).
func fromDump[T any](t *table, f plan.Fact, call string, decode func(message) ([]T, error)) Fact[[]T] {
	parts := t.all(f)
	if len(parts) == 0 {
		return Unknown[[]T](call, errNoReading.Error())
	}
	source := cite(call, parts[0])
	d, err := receive(parts)
	if err != nil {
		return Unknown[[]T](source, err.Error())
	}
	list := []T{}
	for _, m := range d.messages {
		more, err := decode(m)
		if err != nil {
			return Unknown[[]T](source, err.Error())
		}
		list = append(list, more...)
	}
	return Known(list, source)
}

// links decodes the interfaces. lo is in every network namespace, so an answer
// without any interface is not the whole answer.
func (t *table) links() Fact[[]Link] {
	links := fromDump(t, plan.FactLinks, "RTM_GETLINK", decodeLink)
	if links.Known && len(links.Value) == 0 {
		return Unknown[[]Link](links.Source, "the dump names no interface, not even lo")
	}
	return links
}

// receive puts a dump together.
func receive(parts []*plan.Reading) (dump, error) {
	var d dump
	for _, r := range parts {
		switch {
		case d.done && (!r.Done || r.Result == -int64(syscall.EAGAIN)):
			continue
		case !r.Done:
			return d, fmt.Errorf("the child never reached op %d", r.Op)
		case r.Result < 0:
			return d, fmt.Errorf("op %d: %s", r.Op, errnoName(-r.Result))
		case r.Result > int64(len(r.Data)):
			return d, fmt.Errorf("op %d: %w", r.Op, errShort)
		case unwritten(r.Data[:r.Result]):
			return d, fmt.Errorf("op %d: %w", r.Op, errUnwritten)
		}
		if err := d.add(r.Data[:r.Result]); err != nil {
			return d, fmt.Errorf("op %d: %w", r.Op, err)
		}
	}
	if !d.done {
		return d, fmt.Errorf("%w within %d bytes", errEndless, d.bytes)
	}
	return d, nil
}

// unwritten says whether a datagram begins with poison where the length of its
// first message belongs.
func unwritten(datagram []byte) bool {
	if len(datagram) < 4 {
		return false
	}
	_, err := words(datagram, 1)
	return err != nil
}

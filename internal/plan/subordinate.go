package plan

import (
	"strconv"

	"github.com/netjail/netjail/internal/policy"
)

// maxMapText is what the kernel takes as a map: less than a page.
// Source: user_namespaces(7).
const maxMapText = 4095

// subordinate says whether a map is the caller's range of other ids. Root writes
// such a map as any other; an ordinary user needs a program for it.
func (b *builder) subordinate(m policy.Mappings) bool { return m.Kind == policy.MappingSubordinate }

// writeMap writes one of the two maps, by whoever may.
func (b *builder) writeMap(kind string, m policy.Mappings, by Mapper, lines []MapLine, why string) {
	name, key, text := "maps."+kind, kind+"Mappings", mapText(lines)
	if b.host.UID == 0 || !b.subordinate(m) {
		b.writeFile(name, kind+"_map", text, key, why)
		return
	}
	b.parent(Op{
		Name: name, Call: DeedRunMapper, Key: key, Why: why + "; it is privileged, and looks into /etc/sub" + kind,
		Args: []Arg{str(by.Path), raw([]byte(text), strconv.Quote(text))},
	})
}

// subordinateLines is a map of the ids from 0 on: an ordinary user's own id is
// itself, so that the command runs as nobody else and the caller's files stay
// his, and the subordinate ids fill the rest in order. Root's own id is in no
// map.
func (b *builder) subordinateLines(ranges []Range, self uint32) []MapLine {
	if b.host.UID == 0 {
		return consecutive(nil, 0, ranges)
	}
	below, above := split(ranges, self)
	lines := append(consecutive(nil, 0, below), MapLine{self, self, 1})
	return consecutive(lines, self+1, above)
}

// consecutive appends a line for each range, the first of them at inside.
func consecutive(lines []MapLine, inside uint32, ranges []Range) []MapLine {
	for _, r := range ranges {
		lines = append(lines, MapLine{inside, r.First, r.Size})
		inside += r.Size
	}
	return lines
}

// split parts ranges behind their first n ids.
func split(ranges []Range, n uint32) (head, tail []Range) {
	for i, r := range ranges {
		if r.Size > n {
			if n > 0 {
				head = append(head, Range{r.First, n})
			}
			return head, append([]Range{{r.First + n, r.Size - n}}, ranges[i+1:]...)
		}
		head = append(head, r)
		n -= r.Size
	}
	return head, nil
}

// refuseSubordinate: the caller needs such ids and, but for root, a program that
// may map them.
func (b *builder) refuseSubordinate(r *refusals, key string, s Subordinate, by Mapper, self uint32) {
	if len(s.Ranges) == 0 {
		r.add(key, s.Why, s.Help)
		return
	}
	if n := len(mapText(b.subordinateLines(s.Ranges, self))); n > maxMapText {
		r.add(key, "the map would have "+strconv.Itoa(n)+" bytes, of which the kernel takes "+strconv.Itoa(maxMapText), "use fewer and longer ranges")
	}
	if b.host.UID != 0 && by.Why != "" {
		r.add(key, by.Why, by.Help)
	}
}

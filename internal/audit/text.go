package audit

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
)

// number is an id or a descriptor in decimal.
func number[T ~int | ~uint32](n T) string { return strconv.FormatInt(int64(n), 10) }

// numbers is "0, 1, 2", or "none".
func numbers[T ~int | ~uint32](list []T) string {
	if len(list) == 0 {
		return "none"
	}
	text := make([]byte, 0, 8*len(list))
	for i, n := range list {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = strconv.AppendInt(text, int64(n), 10)
	}
	return string(text)
}

// nsLink is a namespace as /proc/PID/ns writes it: "net:[4026531833]".
func nsLink(k ns.Kind, id evidence.NamespaceID) string {
	return k.Link() + ":[" + strconv.FormatUint(uint64(id), 10) + "]"
}

// mapLines is an id map, each line as the kernel writes it: "0 1000 1".
func mapLines(lines []evidence.IDMapLine) string {
	if len(lines) == 0 {
		return "empty"
	}
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(number(l.Inside) + " " + number(l.Outside) + " " + number(l.Size))
	}
	return b.String()
}

// word is the boolean as the kernel's files write it.
func word(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// idText is an id three times, or once where all are equal.
func idText(id evidence.IDs) string {
	if id.Real == id.Effective && id.Real == id.Saved {
		return number(id.Real)
	}
	return number(id.Real) + "/" + number(id.Effective) + "/" + number(id.Saved) + " (real/effective/saved)"
}

func hex(n uint32) string { return "0x" + strconv.FormatUint(uint64(n), 16) }

// joinSources names two sources, of which one may have none.
func joinSources(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// list joins words by commas, or is "none".
func list(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// count is "1 mount", "2 mounts".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}

// several joins texts by semicolons; of a long list it names the first, and says
// how many there are beside them.
func several(words []string) string {
	const most = 8
	if len(words) <= most {
		return strings.Join(words, "; ")
	}
	return strings.Join(words[:most], "; ") + "; and " + number(len(words)-most) + " more"
}

package policy

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// Seconds is a time span.
type Seconds uint32

const (
	minute Seconds = 60
	hour           = 60 * minute
	// maxSeconds is a year.
	maxSeconds = 365 * 24 * hour
)

// String is the span as a profile writes it: hours, minutes and seconds, of which
// those that are 0 are left out.
func (s Seconds) String() string {
	var b strings.Builder
	for _, part := range [...]struct {
		n    Seconds
		unit string
	}{{s / hour, "h"}, {s % hour / minute, "m"}, {s % minute, "s"}} {
		if part.n > 0 {
			b.WriteString(strconv.FormatUint(uint64(part.n), 10) + part.unit)
		}
	}
	return b.String()
}

// durationPattern is what parseSeconds reads, but for the longest one.
const durationPattern = `^([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?$`

// parseSeconds reads "1h30m": one to three numbers with their units, the longer
// first, none of them 0.
func parseSeconds(text string) (total Seconds, ok bool) {
	rest := text
	var sum uint64
	for _, part := range [...]struct {
		unit   string
		length Seconds
	}{{"h", hour}, {"m", minute}, {"s", 1}} {
		digits, behind, found := strings.Cut(rest, part.unit)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 32)
		if err != nil || n == 0 || !isDecimal(digits) {
			return 0, false
		}
		sum, rest = sum+n*uint64(part.length), behind
	}
	return Seconds(min(sum, uint64(maxSeconds)+1)), rest == "" && text != "" && sum <= uint64(maxSeconds)
}

func checkDuration(s string) *diag.Diagnostic {
	total, ok := parseSeconds(s)
	switch {
	case ok:
		return nil
	case total > maxSeconds:
		return wrong(diag.BadDuration, diag.Quote(s)+" is longer than a year, 8760h", "write a shorter one, or none")
	}
	return wrong(diag.BadDuration, diag.Quote(s)+" is not a time span", durationHelp(s))
}

// durationHelp says what to write for what was written.
func durationHelp(s string) string {
	if _, ok := parseSeconds(s + "s"); ok && isDecimal(s) {
		return "write the unit: " + s + "s"
	}
	if strings.Trim(s, "0hms") == "" {
		return "write none, or at least 1s"
	}
	if near := strings.ToLower(strings.ReplaceAll(s, " ", "")); near != s && checkDuration(near) == nil {
		return "write " + near
	}
	return "write hours, minutes and seconds, such as 10m, 90s or 1h30m, or none"
}

func readTimeout(n *Node) Seconds {
	total, _ := parseSeconds(n.Text)
	return total
}

func writeTimeout(p *Policy, k *Key) value {
	if p.Process.Timeout == 0 {
		return word(k.Words[0].Text)
	}
	return word(p.Process.Timeout.String())
}

// timeoutOrder: a shorter time is tighter; none is the longest.
func timeoutOrder(a, b *Policy) Direction {
	from, to := a.Process.Timeout, b.Process.Timeout
	if from == 0 || to == 0 {
		return loose(from == 0, to == 0)
	}
	return shift(to > from, to < from)
}

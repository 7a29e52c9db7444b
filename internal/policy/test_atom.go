package policy

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/inet"
)

// The forms of the values of `tests`.

const (
	maxLine     = 200
	maxArgument = 65536
	maxDomain   = 253 // RFC 1035, 2.3.4, without the final dot
	maxLabel    = 63
	maxPattern  = 1000
)

func checkLine(s string) *diag.Diagnostic {
	switch {
	case len(s) > maxLine:
		return wrong(diag.BadText, "the text is longer than 200 bytes", "")
	case strings.TrimSpace(s) != s:
		return wrong(diag.BadText, "the text begins or ends with a blank", "remove it")
	case strings.ContainsAny(s, "\n\t"):
		return wrong(diag.BadText, "the text is more than one line, or holds a tab", "write one line")
	}
	return checkText(s)
}

func checkArgument(s string) *diag.Diagnostic {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return wrong(diag.BadText, "an argument cannot hold a NUL byte", "")
	case len(s) > maxArgument:
		return wrong(diag.BadText, "the argument is longer than 65536 bytes", "")
	}
	return nil
}

// ParseEndpoint reads an address and a port: 192.0.2.1:443, [2001:db8::1]:443.
func ParseEndpoint(s string) (inet.Addr, uint16, bool) {
	host, number := s, ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		host, number = s[:i], s[i+1:]
	}
	port, err := strconv.ParseUint(number, 10, 16)
	inner, six := strings.CutPrefix(host, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	addr, bad := inet.ParseAddr(inner)
	if err != nil || bad != nil || six != closed || six != addr.Is6() || port == 0 || !isDecimal(number) {
		return inet.Addr{}, 0, false
	}
	return addr, uint16(port), true
}

func checkEndpoint(s string) *diag.Diagnostic {
	addr, _, ok := ParseEndpoint(s)
	switch {
	case ok && addr.Is4In6():
		return wrong(diag.BadEndpoint, diag.Quote(s)+" is an IPv4 address in IPv6 spelling", "write it as IPv4")
	case ok && strings.Trim(s[:strings.LastIndexByte(s, ':')], "[]") != addr.String():
		return wrong(diag.BadEndpoint, diag.Quote(s)+" is an odd spelling", "the address is written "+addr.String())
	case ok:
		return nil
	}
	d := wrong(diag.BadEndpoint, diag.Quote(s)+" is not an address with a port", `write it like 192.0.2.1:443 or "[2001:db8::1]:443", the port from 1 to `+strconv.Itoa(math.MaxUint16))
	if near, ok := diag.Nearest(s, texts(endpointWords)); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	} else if strings.ContainsFunc(s, isLetter) && !strings.ContainsAny(s, "[]") && strings.Count(s, ":") < 2 {
		d.Help = "a name is looked up by `resolve`; here write an address, such as 192.0.2.1:443"
	}
	return d
}

func isLetter(r rune) bool { return r < 0x80 && isAlpha(byte(r)) }

func checkDomain(s string) *diag.Diagnostic {
	if _, err := inet.ParseAddr(s); err == nil {
		return wrong(diag.BadHostname, diag.Quote(s)+" is an address, for which nobody is asked", "write a name")
	}
	ok := len(s) <= maxDomain
	for label := range strings.SplitSeq(s, ".") {
		ok = ok && label != "" && len(label) <= maxLabel && label[0] != '-' && label[len(label)-1] != '-'
	}
	for i := range len(s) {
		ok = ok && (isAlnum(s[i]) || strings.IndexByte("-_.", s[i]) >= 0)
	}
	if !ok {
		return wrong(diag.BadHostname, diag.Quote(s)+" is not a domain name", "use letters, digits, `-`, `_` and `.`, at most 63 between two dots and 253 in all, without a dot at the end")
	}
	return nil
}

// checkTarget: a path of the host, or one of the working directory.
func checkTarget(s string) *diag.Diagnostic {
	switch {
	case s == ".":
		return nil
	case s == "~":
		return checkSpelling(s)
	case s[0] == '/' || s[0] == '~':
		return checkPath(s)
	case slices.Contains(strings.Split(s, "/"), ".."):
		return wrong(diag.BadPath, diag.Quote(s)+" leads out of the working directory", "write the absolute path")
	}
	return checkSpelling(s)
}

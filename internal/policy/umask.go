package policy

import (
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// Umask is `process.umask`. Own is false for `inherited`, and Mask is then 0.
type Umask struct {
	Own  bool
	Mask uint32 // at most 0777
}

// String is the mask as umask(1) prints it: four octal digits.
func (u Umask) String() string {
	if !u.Own {
		return "inherited"
	}
	text := strconv.FormatUint(uint64(u.Mask), 8)
	return "0000"[:max(0, 4-len(text))] + text
}

// umaskPattern is what parseUmask reads.
const umaskPattern = `^0[0-7]{3}$`

// parseUmask reads the one spelling: four octal digits.
func parseUmask(s string) (mask uint32, ok bool) {
	v, err := strconv.ParseUint(s, 8, 32)
	return uint32(v), err == nil && len(s) == 4 && v <= 0o777
}

func checkUmask(s string) *diag.Diagnostic {
	if _, ok := parseUmask(s); ok {
		return nil
	}
	if v, err := strconv.ParseUint(s, 8, 32); err == nil && v > 0o777 {
		return wrong(diag.BadUmask, diag.Quote(s)+" is out of range: umask(2) knows the nine permission bits", "write at most \"0777\"")
	}
	return wrong(diag.BadUmask, diag.Quote(s)+" is not a mask", umaskHelp(s))
}

// umaskHelp says what to write for what was written; digits that are octal are
// meant so.
func umaskHelp(s string) string {
	if v, err := strconv.ParseUint(s, 8, 32); err == nil && v <= 0o777 {
		return "write it with four octal digits, in quotes: " + diag.Quote(Umask{true, uint32(v)}.String())
	}
	return "write four octal digits in quotes, such as \"0022\", or inherited"
}

func readUmask(n *Node) Umask {
	mask, ok := parseUmask(n.Text)
	return Umask{Own: ok, Mask: mask}
}

func writeUmask(p *Policy, k *Key) value {
	if !p.Process.Umask.Own {
		return word(k.Words[0].Text)
	}
	return text(p.Process.Umask.String())
}

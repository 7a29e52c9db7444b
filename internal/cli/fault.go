package cli

import (
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// fault is an error as a user reads it: what failed, why, and what to do.
type fault struct {
	message, cause, help string
	// bare leaves out the word "error": a command that was not found is told as
	// shells tell it.
	bare bool
}

// Error is the message alone.
func (f *fault) Error() string { return f.message }

// append writes the fault as
//
//	netjail: error: message
//	  = cause: …
//	  = help: …
func (f *fault) append(dst []byte, color bool) []byte {
	dst = append(dst, "netjail: "...)
	if !f.bare {
		dst = append(dst, paint("error:", red, color)+" "...)
	}
	dst = append(dst, oneLine(f.message)+"\n"...)
	dst = appendRemark(dst, "cause", f.cause, color)
	return appendRemark(dst, "help", f.help, color)
}

func appendRemark(dst []byte, label, text string, color bool) []byte {
	if text == "" {
		return dst
	}
	return append(dst, "  "+paint("= ", blue, color)+paint(label+":", bold, color)+" "+oneLine(text)+"\n"...)
}

// The colours, as SGR parameters; they are those of package diag.
const (
	bold = "1"
	red  = "1;31"
	blue = "1;34"
)

func paint(s, sgr string, color bool) string {
	if !color {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

// oneLine keeps text that may hold foreign names, such as a path, from moving
// the cursor or starting a line of its own.
func oneLine(s string) string {
	for _, r := range s {
		if r < 0x20 || 0x7f <= r && r < 0xa0 || diag.Invisible(r) {
			return escaped(s)
		}
	}
	return s
}

func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune(r)
		default:
			q := diag.Quote(string(r))
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}

package policy

import (
	"strconv"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// mountOption is an option of a mount, as in mount(8).
type mountOption struct {
	// name is the whole option; with a `=` at its end a value follows.
	name string
	// bind and tmpfs say which types take it.
	bind, tmpfs bool
	// excludes is an option that cannot stand beside it.
	excludes string
}

// mountOptions are all that a profile may write. nosuid and nodev hold for every
// mount of a jail, written or not.
var mountOptions = [...]mountOption{
	{name: "bind", bind: true, excludes: "rbind"},
	{name: "rbind", bind: true, excludes: "bind"},
	{name: "ro", bind: true, tmpfs: true, excludes: "rw"},
	{name: "rw", bind: true, tmpfs: true, excludes: "ro"},
	{name: "exec", bind: true, tmpfs: true, excludes: "noexec"},
	{name: "noexec", bind: true, tmpfs: true, excludes: "exec"},
	{name: "nosuid", bind: true, tmpfs: true},
	{name: "nodev", bind: true, tmpfs: true},
	{name: "mode=", tmpfs: true, excludes: "mode="},
	{name: "size=", tmpfs: true, excludes: "size="},
}

// mountOptionPattern is the same for the schema.
const mountOptionPattern = `^(r?bind|r[ow]|(no)?exec|nosuid|nodev|mode=(0|[1-7][0-7]{0,2}|1[0-7]{3})|size=[1-9][0-9]*[kmg]?)$`

// optionOf finds the row of an option, and the value behind its `=`.
func optionOf(s string) (o *mountOption, value string) {
	name, value, assigned := strings.Cut(s, "=")
	if assigned {
		name += "="
	}
	for i := range mountOptions {
		if mountOptions[i].name == name {
			return &mountOptions[i], value
		}
	}
	return nil, ""
}

func checkMountOption(s string) *diag.Diagnostic {
	o, value := optionOf(s)
	switch {
	case s == "suid" || s == "dev":
		return wrong(diag.UnknownOption, diag.Quote(s)+" is refused: every mount of a jail is no"+s, "remove it")
	case s == "none":
		return wrong(diag.UnknownOption, `"none" stands for the whole list`, "write `options: none`")
	case o == nil:
		return unknownOption(s)
	case o.name == "mode=":
		if _, ok := parseMode(value); !ok {
			return wrong(diag.UnknownOption, diag.Quote(s)+" is not a mode", "write octal digits without a leading 0, at most 1777: mode=700")
		}
	case o.name == "size=":
		if _, ok := parseSize(value); !ok {
			return wrong(diag.UnknownOption, diag.Quote(s)+" is not a size", "write a number of bytes, or one with k, m or g behind it: size=64m")
		}
	}
	return nil
}

func unknownOption(s string) *diag.Diagnostic {
	names := make([]string, len(mountOptions))
	for i := range mountOptions {
		names[i] = mountOptions[i].name
	}
	d := wrong(diag.UnknownOption, "unknown mount option "+diag.Quote(s), "the options are "+strings.Join(names, ", "))
	if near, ok := diag.Nearest(s, names); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	}
	return d
}

// parseMode reads permission bits, of which set-user-ID and set-group-ID are
// none.
func parseMode(s string) (mode uint32, ok bool) {
	v, err := strconv.ParseUint(s, 8, 32)
	return uint32(v), err == nil && v <= 0o1777 && strconv.FormatUint(v, 8) == s
}

// parseSize reads bytes; k, m and g are powers of 1024, as in tmpfs(5).
func parseSize(s string) (bytes uint64, ok bool) {
	digits, shift := s, 0
	for i, unit := range [...]string{"k", "m", "g"} {
		if rest, found := strings.CutSuffix(s, unit); found {
			digits, shift = rest, 10*(i+1)
		}
	}
	v, err := strconv.ParseUint(digits, 10, 63-shift)
	return v << shift, err == nil && v > 0 && isDecimal(digits)
}

// Has says whether an option is written.
func (m *Mount) Has(option string) bool {
	for _, o := range m.Options {
		if o == option {
			return true
		}
	}
	return false
}

// ReadOnly says whether the command cannot write there: a bind where `rw` is
// not written, a tmpfs where `ro` is.
func (m *Mount) ReadOnly() bool {
	if m.Type == "bind" {
		return !m.Has("rw")
	}
	return m.Has("ro")
}

// Mode is the value of `mode=`: the permission bits of a tmpfs's root.
func (m *Mount) Mode() (mode uint32, ok bool) { return parseMode(m.value("mode=")) }

// Size is the value of `size=`, in bytes.
func (m *Mount) Size() (bytes uint64, ok bool) { return parseSize(m.value("size=")) }

func (m *Mount) value(name string) string {
	for _, o := range m.Options {
		if v, ok := strings.CutPrefix(o, name); ok {
			return v
		}
	}
	return ""
}

package policy

import (
	"strings"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/inet"
)

// Atom is the form of a single value.
type Atom uint8

// The forms.
const (
	AtomNone Atom = iota
	AtomText
	AtomName
	AtomID
	AtomSize
	AtomFD
	AtomPrefix
	AtomCapability
	AtomVariable
	AtomVariableValue
	AtomHostname
	AtomFamily
	AtomPath
	AtomPlace
	AtomAbsolute
	AtomBelow
	AtomMountOption
	AtomParent
	AtomLoosened
	AtomPreferred
)

// atom is what the decoder, the schema and the reference know about a form.
type atom struct {
	Name, Plural string // for people
	// Number is true for decimal numbers from Min to Max.
	Number   bool
	Min, Max uint64
	// Pattern and MaxLength are for the schema, which has no other means.
	Pattern   string
	MaxLength int
	// Words are all texts of the form; nil where they are not few.
	Words []Word
	// check says what is wrong with a text of the right kind; nil where nothing
	// is.
	check func(text string) *diag.Diagnostic
}

const (
	maxID       = 4294967294 // 4294967295 is (uid_t)-1, "no id"
	maxFD       = 1048575    // fs.nr_open's default, 1048576, less one
	maxHostname = 64         // sethostname(2): HOST_NAME_MAX
	maxName     = 64
	maxText     = 4096
	maxVariable = 131072 // MAX_ARG_STRLEN of execve(2), name, = and NUL included
)

var atoms = [...]atom{
	AtomNone:          {},
	AtomText:          {Name: "text", Plural: "texts", MaxLength: maxText, check: checkText},
	AtomName:          {Name: "name", Plural: "names", Pattern: `^[A-Za-z0-9][A-Za-z0-9._-]*$`, MaxLength: maxName, check: checkName},
	AtomID:            {Name: "id", Plural: "ids", Number: true, Max: maxID},
	AtomSize:          {Name: "number", Plural: "numbers", Number: true, Min: 1, Max: maxID + 1},
	AtomFD:            {Name: "descriptor", Plural: "descriptors", Number: true, Max: maxFD},
	AtomPrefix:        {Name: "address with prefix length", Plural: "addresses", Pattern: `^[0-9A-Fa-f:.]+/[0-9]{1,3}$`, check: checkPrefix},
	AtomCapability:    {Name: "capability", Plural: "capabilities", check: checkCapability},
	AtomVariable:      {Name: "variable", Plural: "variables", Pattern: `^[A-Za-z_*][A-Za-z0-9_*]*$`, MaxLength: maxText, check: checkVariable},
	AtomVariableValue: {Name: "text", Plural: "texts", MaxLength: maxVariable, check: checkVariableValue},
	AtomHostname:      {Name: "host name", Plural: "host names", Pattern: `^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`, MaxLength: maxHostname, check: checkHostname},
	AtomFamily:        {Name: "family", Plural: "families", Words: familyWords, check: checkFamily},
	AtomPath:          {Name: "path", Plural: "paths", Pattern: `^(~|~?/.+)$`, MaxLength: maxPath, check: checkPath},
	AtomPlace:         {Name: "path", Plural: "paths", Pattern: `^(~|~?/.+|\.|project)$`, MaxLength: maxPath, check: checkPlace},
	AtomAbsolute:      {Name: "absolute path", Plural: "absolute paths", Pattern: `^/.+$`, MaxLength: maxPath, check: checkAbsolute},
	AtomBelow:         {Name: "relative path", Plural: "relative paths", Pattern: `^[^/]`, MaxLength: maxPath, check: checkBelow},
	AtomMountOption:   {Name: "mount option", Plural: "mount options", Pattern: mountOptionPattern, check: checkMountOption},
	AtomParent:        {Name: "profile", Plural: "profiles", Pattern: `^([A-Za-z0-9][A-Za-z0-9._-]*|\.\.?/.+)$`, MaxLength: maxPath, check: checkParent},
	AtomLoosened:      {Name: "key", Plural: "keys", check: checkLoosened},
	AtomPreferred:     {Name: "key", Plural: "keys", Words: preferWords, check: checkPreferred},
}

func atomOf(a Atom) *atom { return &atoms[a] }

// one is the form's name with its article.
func (a *atom) one() string {
	switch {
	case a.Name == "text":
		return "text"
	case strings.IndexByte("aeiou", a.Name[0]) >= 0:
		return "an " + a.Name
	}
	return "a " + a.Name
}

func wrong(code diag.Code, message, help string) *diag.Diagnostic {
	return &diag.Diagnostic{Code: code, Message: message, Help: help}
}

func checkText(s string) *diag.Diagnostic {
	if len(s) > maxText {
		return wrong(diag.BadText, "the text is longer than 4096 bytes", "")
	}
	for _, r := range s {
		if r < ' ' && r != '\n' && r != '\t' || 0x7f <= r && r < 0xa0 {
			return wrong(diag.BadText, "the text holds a control character", "remove it")
		}
	}
	return nil
}

func checkName(s string) *diag.Diagnostic {
	ok := s != "" && len(s) <= maxName && isAlnum(s[0])
	for i := range len(s) {
		ok = ok && (isAlnum(s[i]) || strings.IndexByte("._-", s[i]) >= 0)
	}
	if !ok {
		return wrong(diag.BadText, diag.Quote(s)+" is not a profile's name",
			"use letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit")
	}
	return nil
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func checkPrefix(s string) *diag.Diagnostic {
	p, err := inet.ParsePrefix(s)
	switch {
	case err == nil && p.Addr().Is4In6():
		return wrong(diag.BadAddress, diag.Quote(s)+" is an IPv4 address in IPv6 spelling", "write it as IPv4")
	case err == nil && p.String() != s:
		return wrong(diag.BadAddress, diag.Quote(s)+" is an odd spelling", "write "+p.String())
	case err == nil:
		return nil
	}
	if a, err := inet.ParseAddr(s); err == nil {
		bits := a.BitLen()
		if s == "127.0.0.1" {
			bits = 8 // what the kernel gives it
		}
		return wrong(diag.BadAddress, diag.Quote(s)+" lacks a prefix length", "write "+inet.PrefixFrom(a, bits).String())
	}
	return wrong(diag.BadAddress, diag.Quote(s)+" is not an address with a prefix length", `write it like 127.0.0.1/8 or "::1/128"`)
}

func checkCapability(s string) *diag.Diagnostic {
	if _, ok := caps.ParseName(s); ok {
		return nil
	}
	d := wrong(diag.UnknownCap, "unknown capability "+diag.Quote(s), "names are those of capabilities(7), such as CAP_NET_BIND_SERVICE")
	// Without the prefix, which would make every name look like every other.
	names := caps.Names()
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], "CAP_")
	}
	if near, ok := diag.Nearest(strings.TrimPrefix(strings.ToUpper(s), "CAP_"), names); ok {
		d.Help = "did you mean " + diag.Quote("CAP_"+near) + "?"
	}
	return d
}

func checkVariable(s string) *diag.Diagnostic {
	switch {
	case strings.HasPrefix(s, "@"):
		return wrong(diag.NotBuilt, "the group "+diag.Quote(s)+" is not built in this version", "write the names of the variables")
	case strings.Contains(s, "="):
		return wrong(diag.BadName, diag.Quote(s)+" is not a variable's name", "values belong below `set`")
	case !variableName(s, true):
		return wrong(diag.BadName, diag.Quote(s)+" is not a variable's name", "use letters, digits and `_`; `*` stands for any text")
	}
	return nil
}

// variableName says whether s can name an environment variable; with glob also
// whether it can stand for several.
func variableName(s string, glob bool) bool {
	if s == "" || len(s) > maxText || '0' <= s[0] && s[0] <= '9' {
		return false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && s[i] != '_' && (s[i] != '*' || !glob) {
			return false
		}
	}
	return true
}

func checkVariableValue(s string) *diag.Diagnostic {
	if strings.IndexByte(s, 0) >= 0 {
		return wrong(diag.BadText, "a variable's value cannot hold a NUL byte", "")
	}
	if len(s) > maxVariable/2 {
		return wrong(diag.BadText, "the value is longer than 65536 bytes", "")
	}
	return nil
}

func checkHostname(s string) *diag.Diagnostic {
	ok := s != "" && len(s) <= maxHostname
	for label := range strings.SplitSeq(s, ".") {
		ok = ok && label != "" && label[0] != '-' && label[len(label)-1] != '-'
	}
	for i := range len(s) {
		ok = ok && (isAlnum(s[i]) || s[i] == '-' || s[i] == '.')
	}
	if !ok {
		return wrong(diag.BadHostname, diag.Quote(s)+" is not a host name", "use letters, digits, `-` and `.`, at most 64, no `-` at either end of a part")
	}
	return nil
}

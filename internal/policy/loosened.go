package policy

import (
	"slices"
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// loosenable are the keys that have a value of their own to compare.
func loosenable() []string {
	var names []string
	for k := range eachKey {
		if k.write != nil && !k.Own {
			names = append(names, k.Path)
		}
	}
	return names
}

// checkLoosened: one of those keys.
func checkLoosened(s string) *diag.Diagnostic {
	names := loosenable()
	if slices.Contains(names, s) {
		return nil
	}
	d := wrong(diag.UnknownKey, diag.Quote(s)+" is not a key whose value can be looser", "")
	below := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !within(name, s) })
	if near, ok := diag.Nearest(s, names); ok {
		d.Help = "did you mean " + diag.Quote(near) + "?"
	} else if len(below) > 0 {
		d.Help = "name the keys of the mapping one by one: " + strings.Join(below, ", ")
	} else if over, ok := compared(s); ok {
		d.Help = "its value is compared as a whole: write " + over
	}
	return d
}

// compared is the key above s that is compared as a whole.
func compared(s string) (string, bool) {
	for k := range eachKey {
		if k.write != nil && within(s, k.Path) {
			return k.Path, true
		}
	}
	return "", false
}

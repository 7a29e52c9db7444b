package source

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Compile is Parse and policy.Compile in one: all problems are in the list,
// sorted, and where one of them is an error Resolved is nil. A Document with
// problems may compile too, but its Policy must not be used.
func Compile(file string, src []byte) (*policy.Resolved, diag.List) {
	doc, list := Parse(file, src)
	r, more := policy.Compile(doc)
	list = append(append(list, more...), patterns(doc)...)
	list.Sort()
	if list.Errors() > 0 {
		return nil, list
	}
	return r, list
}

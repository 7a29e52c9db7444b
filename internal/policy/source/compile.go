package source

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Compile resolves a profile that stands by itself: all problems are in the list,
// sorted, and where one of them is an error Resolved is nil. What it extends is
// not found.
func Compile(file string, src []byte) (*policy.Resolved, diag.List) {
	return Resolve(&policy.Source{File: file, Text: src}, nil)
}

// Resolve resolves a profile and what it extends: policy.Resolve with the YAML
// reader.
func Resolve(src *policy.Source, find policy.Finder) (*policy.Resolved, diag.List) {
	return policy.Resolve(src, Parse, find)
}

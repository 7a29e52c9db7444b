package source_test

import (
	"testing"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
	"github.com/netjail/netjail/profiles"
)

// bundled finds the built-in profiles.
func bundled(name string, _ *policy.Source) (*policy.Source, *diag.Diagnostic) {
	text, ok := profiles.Source(name)
	if !ok {
		return nil, &diag.Diagnostic{Message: "no such profile"}
	}
	return &policy.Source{File: profiles.File(name), Text: text, BuiltIn: true}, nil
}

// BenchmarkResolve is one profile as `check` reads it: one that stands by itself,
// one that extends another, and one on top of two.
func BenchmarkResolve(b *testing.B) {
	for _, name := range []string{"base", "offline", "agent"} {
		b.Run(name, func(b *testing.B) {
			src, _ := bundled(name, nil)
			b.ReportAllocs()
			for b.Loop() {
				if r, list := source.Resolve(src, bundled); r == nil {
					b.Fatal(list.Err())
				}
			}
		})
	}
}

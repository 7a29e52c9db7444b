package sys

import (
	"encoding/binary"
	"slices"
	"testing"
)

// TestVector: what was put comes back, and nothing is read outside of the data.
func TestVector(t *testing.T) {
	p, err := NewProgram(4, 4096)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	put := func(words ...uint64) uint64 {
		t.Helper()
		var b []byte
		for _, w := range words {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		addr, _, err := p.Put(b)
		if err != nil {
			t.Fatal(err)
		}
		return addr
	}
	text := func(s string) uint64 {
		addr, _, err := p.PutString(s)
		if err != nil {
			t.Fatal(err)
		}
		return addr
	}
	a, empty := text("A=1"), text("")
	whole, none := put(a, empty, a, 0), put(0)
	if got, err := p.Vector(whole); err != nil || !slices.Equal(got, []string{"A=1", "", "A=1"}) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := p.Vector(none); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
	endless := put(a)
	for name, addr := range map[string]uint64{
		"nowhere": 0, "the steps": p.StepAddress(0), "behind": p.DataAddress(p.data), "far": ^uint64(0), "no end": endless,
		"a string elsewhere": put(p.StepAddress(0), 0),
	} {
		if got, err := p.Vector(addr); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	// The last string of all has no end.
	last, at, err := p.Put([]byte("abcdefgh"))
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint64(p.Data(at, 8), last)
	if got, err := p.Vector(last); err == nil {
		t.Errorf("%q", got)
	}
}

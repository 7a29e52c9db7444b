package caps

import (
	"fmt"
	"slices"
	"testing"
	"testing/quick"
)

func TestSetStrings(t *testing.T) {
	tests := []struct {
		set       Set
		text, hex string
	}{
		{0, "none", "0000000000000000"},
		{All, "all", "000001ffffffffff"},
		{Of(Chown), "CAP_CHOWN", "0000000000000001"},
		{Of(NetRaw, Chown, NetRaw), "CAP_CHOWN,CAP_NET_RAW", "0000000000002001"},
		{Of(CheckpointRestore, 41), "CAP_CHECKPOINT_RESTORE,41", "0000030000000000"},
		{Of(63), "63", "8000000000000000"},
	}
	for _, tt := range tests {
		if tt.set.String() != tt.text || tt.set.Hex() != tt.hex {
			t.Errorf("%#x: got %q %q, want %q %q", uint64(tt.set), tt.set, tt.set.Hex(), tt.text, tt.hex)
		}
	}
}

func TestAllAndMoreIsNotAll(t *testing.T) {
	if text := All.Add(41).String(); text == "all" || text[len(text)-3:] != ",41" {
		t.Errorf("got %q", text)
	}
}

func TestFull(t *testing.T) {
	for last, want := range map[int]Set{-1: 0, 0: 1, 37: 0x3fffffffff, int(Last): All, 62: ^Set(0) >> 1, 63: ^Set(0), 64: ^Set(0)} {
		if got := Full(last); got != want {
			t.Errorf("Full(%d) is %s, want %s", last, got.Hex(), want.Hex())
		}
	}
}

func TestAddAboveTheLimitPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("capability 64 was lost without a word")
		}
	}()
	Of(64)
}

func TestSetAlgebra(t *testing.T) {
	holds := func(a, b Set, n uint8) bool {
		c := Cap(n % 64)
		return a.Without(b).Intersect(b).IsEmpty() &&
			a.Without(b).Union(a.Intersect(b)) == a &&
			a.SubsetOf(a.Union(b)) && a.Intersect(b).SubsetOf(b) &&
			a.SubsetOf(b) == a.Without(b).IsEmpty() &&
			a.Add(c).Has(c) && !a.Without(Of(c)).Has(c) &&
			Of(a.Caps()...) == a && len(a.Names()) == len(a.Caps()) &&
			slices.IsSorted(a.Caps()) &&
			a.Hex() == fmt.Sprintf("%016x", uint64(a))
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
}

func TestHexIsParsedBack(t *testing.T) {
	same := func(s Set) bool {
		got, err := ParseHex([]byte(s.Hex()))
		return err == nil && got == s
	}
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
}

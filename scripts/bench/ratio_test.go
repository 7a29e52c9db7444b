package main

import (
	"slices"
	"testing"
)

func TestQuartiles(t *testing.T) {
	for _, c := range []struct {
		sample []float64
		want   quarters
	}{
		{nil, quarters{}},
		{[]float64{7}, quarters{7, 7, 7}},
		{[]float64{3, 1, 2}, quarters{1.5, 2, 2.5}},
		{[]float64{5, 1, 4, 2, 3}, quarters{2, 3, 4}},
	} {
		if got := quartiles(c.sample); got != c.want {
			t.Errorf("quartiles(%v) = %v, want %v", c.sample, got, c.want)
		}
	}
}

func TestRatios(t *testing.T) {
	if got := ratios([]float64{1, 9}, []float64{2, 3, 4}); !slices.Equal(got, []float64{0.5, 3}) {
		t.Errorf("got %v", got)
	}
}

// TestLaunchers wants a machine without the things measured to be told so.
func TestLaunchers(t *testing.T) {
	if _, err := launchers("/does/not/exist", t.TempDir()); err == nil {
		t.Error("no error for a netjail that is not there")
	}
}

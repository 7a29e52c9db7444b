package main

import "slices"

// quarters are the middle and the quartiles of a sample.
type quarters struct{ low, median, high float64 }

func quartiles(sample []float64) quarters {
	s := slices.Sorted(slices.Values(sample))
	return quarters{at(s, 0.25), at(s, 0.5), at(s, 0.75)}
}

// at is the value at a fraction of a sorted sample, between neighbours in
// proportion.
func at(sorted []float64, fraction float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	place := fraction * float64(len(sorted)-1)
	i := int(place)
	if i+1 >= len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (sorted[i+1]-sorted[i])*(place-float64(i))
}

// ratios divides round by round.
func ratios(a, b []float64) []float64 {
	out := make([]float64, 0, len(a))
	for i := range min(len(a), len(b)) {
		out = append(out, a[i]/b[i])
	}
	return out
}

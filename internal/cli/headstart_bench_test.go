package cli

import "testing"

// BenchmarkNeedsNoReader is what every run of a built-in profile pays for
// looking whether somebody else has the name.
func BenchmarkNeedsNoReader(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NeedsNoReader([]string{"netjail", "run", "offline", "true"})
	}
}

package evidence

import (
	"os"
	"testing"
)

// The parts of ReadProcess, each on this process itself: microseconds a piece.
// `go test -bench Read ./internal/evidence` prints them.
func BenchmarkReadProcess(b *testing.B) {
	pid := os.Getpid()
	for _, bench := range []struct {
		name string
		o    Options
	}{
		{"status", Options{}},
		{"status+maps", Options{IDMaps: true}},
		{"status+namespaces", Options{Namespaces: true}},
		{"status+namespaces+owners", Options{Namespaces: true, Owners: true}},
		{"status+fds", Options{FDs: true}},
		{"status+network", Options{Network: true}},
		{"status+mounts", Options{Mounts: true}},
		{"status+capget", Options{Capget: true}},
		{"everything", everything},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if p := ReadProcess(pid, bench.o); !p.Caps.Known {
					b.Fatal(p.Caps.Why)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "µs/op")
		})
	}
}

func BenchmarkReadSelf(b *testing.B) {
	for b.Loop() {
		ReadSelf()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "µs/op")
}

var everything = Options{IDMaps: true, Namespaces: true, Owners: true, FDs: true, Network: true, Mounts: true, Capget: true}

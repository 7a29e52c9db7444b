package evidence

import (
	"os/exec"
	"testing"
	"time"

	"github.com/netjail/netjail/internal/caps/library"
	"github.com/netjail/netjail/internal/ns"
)

// parts are the options of ReadProcess one by one; status is in each of them.
var parts = []struct {
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
	{"status+capget", Options{Capget: library.OfProcess}},
	{"everything", everything},
}

// BenchmarkReadProcess reads a jail with lo up again and again.
func BenchmarkReadProcess(b *testing.B) {
	pid, _ := jailed(b, newNamespaces(0, ns.Network), "lo-up")
	for _, part := range parts {
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				if p := ReadProcess(pid, part.o); !p.Caps.Known {
					b.Fatal(p.Caps.Why)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "µs/op")
		})
	}
}

// BenchmarkFirstRead reads each jail once, as a run does: what the kernel has to
// make of /proc for a new process is in it.
func BenchmarkFirstRead(b *testing.B) {
	for _, part := range parts {
		b.Run(part.name, func(b *testing.B) {
			var spent time.Duration
			for range b.N {
				pid, end := sleeping(b)
				start := time.Now()
				p := ReadProcess(pid, part.o)
				spent += time.Since(start)
				end()
				if !p.Caps.Known {
					b.Fatal(p.Caps.Why)
				}
			}
			b.ReportMetric(float64(spent.Nanoseconds())/1000/float64(b.N), "µs/op")
		})
	}
}

// sleeping is a new process in new user and network namespaces.
func sleeping(b *testing.B) (pid int, end func()) {
	cmd := exec.Command("/bin/sleep", "100")
	cmd.SysProcAttr = newNamespaces(0, ns.Network)
	if err := cmd.Start(); err != nil {
		require(b, "userns", err)
	}
	time.Sleep(2 * time.Millisecond)
	return cmd.Process.Pid, func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

func BenchmarkFromReadings(b *testing.B) {
	rs := goodReadings()
	for b.Loop() {
		FromReadings(rs, false)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "µs/op")
}

func BenchmarkReadSelf(b *testing.B) {
	for b.Loop() {
		ReadSelf()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "µs/op")
}

var everything = Options{IDMaps: true, Namespaces: true, Owners: true, FDs: true, Network: true, Mounts: true, Capget: library.OfProcess}

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/jailtest"
)

// bindPort80 says "bound", or the errno's name with exit status 13.
const bindPort80 = `
import errno, http.server, sys
try:
    http.server.HTTPServer(("127.0.0.1", 80), http.server.SimpleHTTPRequestHandler)
except OSError as e:
    print(errno.errorcode[e.errno])
    sys.exit(13)
print("bound")
`

// capabilityCases are the ways to have, and not to have, capabilities.
var capabilityCases = []struct {
	name, profile string
	want          caps.Set
}{
	{"mapped to 0", "loopback: up\nuidMappings: [{containerID: 0, hostID: caller, size: 1}]\ngidMappings: [{containerID: 0, hostID: caller, size: 1}]\n", 0},
	{"mapped to another", "loopback: up\nuidMappings: [{containerID: 4242, hostID: caller, size: 1}]\ngidMappings: [{containerID: 4242, hostID: caller, size: 1}]\n", 0},
	{"mapped as usual", "loopback: up\n", 0},
	{"may bind low ports", "loopback: up\ncapabilities: [CAP_NET_BIND_SERVICE]\n", caps.Of(caps.NetBindService)},
	{"0 may bind low ports", "loopback: up\nuidMappings: [{containerID: 0, hostID: caller, size: 1}]\ncapabilities: [CAP_NET_BIND_SERVICE]\n", caps.Of(caps.NetBindService)},
	{"many", "capabilities: {bounding: [CAP_NET_RAW, CAP_CHOWN], inheritable: [CAP_NET_RAW]}\n", 0},
}

// What the report says of the five sets is what the command reads of itself.
func TestReportedCapabilities(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range capabilityCases {
			t.Run(c.name, func(t *testing.T) {
				p := w.profile(t, "caps", c.profile)
				file := filepath.Join(w.dir, "audit.json")
				inside, err := caps.ParseStatus([]byte(must(t, w.jail("--report", file, p, "grep", "Cap", "/proc/self/status"))))
				if err != nil {
					t.Fatal(err)
				}
				if inside.Effective != c.want || inside.Permitted != c.want {
					t.Errorf("inside, the effective set is %s and the permitted %s, want %s", inside.Effective, inside.Permitted, c.want)
				}
				r := readReport(t, file)
				for _, k := range caps.Kinds() {
					check := "caps." + k.String()
					if got := r.found(t, check); got != inside.Get(k).String() {
						t.Errorf("%s: the report says %q, the command read %s", check, got, inside.Get(k))
					}
				}
				plain, err := caps.ParseStatus([]byte(must(t, w.jail(p, "grep", "Cap", "/proc/self/status"))))
				if err != nil || plain != inside {
					t.Errorf("without a report the command read %s, with one %s (%v)", plain, inside, err)
				}
			})
		}
	})
}

// A port below 1024 takes the capability, and nothing but it.
func TestLowPort(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		for _, c := range capabilityCases[:5] {
			t.Run(c.name, func(t *testing.T) {
				p := w.profile(t, "port", c.profile)
				if start := must(t, w.jail(p, "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start")); start != "1024\n" {
					t.Skipf("in a new network namespace here, ports are free from %s", strings.TrimSpace(start))
				}
				got := finish(t, w.jail(p, "python3", "-c", bindPort80))
				want := ending{out: "EACCES\n", status: 13 << 8}
				if c.want.Has(caps.NetBindService) {
					want = ending{out: "bound\n"}
				}
				if got != want {
					t.Errorf("python3: %s, want %s", got, want)
				}
			})
		}
	})
}

package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (rewrite with -update): -want +got\n%s", path, diff)
	}
}

func testdata(name string) string { return filepath.Join("testdata", name) }

// refused is a report with a finding of every kind.
func refused() *Report {
	r := header()
	r.Outcome, r.Waived = Refused, []string{"fs.remote", "fs.sysfs"}
	r.Findings = append(checks(),
		audit.Finding{
			Check: "caps.bounding", Verdict: audit.Fail, Side: audit.SideOutside, Basis: audit.BasisAfterExec,
			Expected: "CAP_NET_BIND_SERVICE", Found: "CAP_NET_BIND_SERVICE,CAP_NET_ADMIN,CAP_NET_RAW,CAP_SYS_ADMIN,CAP_SYS_PTRACE,CAP_SYS_CHROOT,CAP_SYS_TIME",
			Source: "/proc/72/status", Note: "not declared: CAP_NET_ADMIN,CAP_NET_RAW,CAP_SYS_ADMIN,CAP_SYS_PTRACE,CAP_SYS_CHROOT,CAP_SYS_TIME",
		},
		audit.Finding{
			Check: "fs.remote", Verdict: audit.Declared, Side: audit.SideOutside, Expected: "none", Found: "/mnt (nfs4)",
			Source: "/proc/72/mountinfo", Note: "somebody answers there", Waiver: "the build reads its inputs from <the server>\x1b[2J",
		},
		audit.Finding{Check: "proc.reaper", Verdict: audit.Unknown, Expected: "pid 1, not dumpable, one status channel", Note: "nobody looked at pid 1"},
		audit.Finding{
			Check: "host.dmesg", Verdict: audit.Open, Scope: audit.Unclosable, Side: audit.SideOutside, Expected: "no line",
			Found: "exception-trace 1, print-fatal-signals 0", Source: "/proc/sys/debug/exception-trace", Note: "each crash writes a line",
		},
		audit.Finding{
			Check: "fd.kinds", Verdict: audit.Declared, Side: audit.SideOutside, Basis: audit.BasisAfterExec, Expected: "what process.inheritFds names",
			Found: "0 /dev/null, 1 pipe:[81], 2 /home/käthe/日本\x1b]0;title\a", Source: "/proc/72/fd", Note: "process.inheritFds keeps them",
		},
	)
	r.Findings = append(r.Findings, unexamined()...)
	return r
}

// started is a report in which nothing stands against the start.
func started() *Report {
	r := header()
	r.Outcome, r.LSMs, r.Profile.Digest = Started, nil, ""
	r.Findings = append(checks(), unexamined()...)
	return r
}

// observed is a report on a running process without a profile.
func observed() *Report {
	r := header()
	r.Outcome, r.Profile, r.Command, r.Launcher = Audited, Profile{}, nil, "running process"
	r.Program = "/opt/a b"
	r.Process = []Fact{{"pid", "4711"}, {"name", "a) R 1\n\x1b[2J"}, {"threads", "2, of 2 kinds"}}
	r.Findings = []audit.Finding{
		{Check: "ns.network", Verdict: audit.Open, Side: audit.SideOutside, Found: "first thread: closed; thread 4712 \"w\x07\": open", Source: "/proc/4711/ns/net", Note: "it is in netjail's own namespace"},
		{Check: "ns.user", Verdict: audit.Closed, Side: audit.SideOutside, Found: "user:[4026532100]", Source: "/proc/4711/ns/user"},
		{Check: "escape.connect", Verdict: audit.Unknown, Scope: audit.NotObservable, Note: "cannot be known from outside"},
		{Check: "fd.socket", Verdict: audit.Unknown, Note: "/proc/4711/fd: EACCES: the process is not dumpable or belongs to another user; run netjail as root to read it"},
		{Check: "ids.uid-map", Verdict: audit.NotApplicable, Note: "no profile says what it is to be"},
	}
	return r
}

func header() *Report {
	return &Report{
		Netjail: "0.1.0", Kernel: "6.18.5", LSMs: []string{"capability", "landlock", "bpf"},
		Time: time.Date(2026, 11, 23, 16, 5, 6, 7, time.FixedZone("", 3600)),
		User: User{UID: 1000, GID: 1000},
		Profile: Profile{
			Name: "offline-net", Source: "profiles/offline-net.yaml", Digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Origins: policy.Origins{{Key: "capabilities", File: "profiles/offline-net.yaml", Line: 9}, {Key: "namespaces.user"}},
		},
		Command: []string{"curl", "-s", "https://example.org/"}, Mode: policy.AuditEnforce, Launcher: "native",
	}
}

func checks() []audit.Finding {
	return []audit.Finding{
		{
			Check: "ns.user", Verdict: audit.Pass, Side: audit.SideBoth, Expected: "new",
			Found: "user:[4026532100], netjail's is user:[4026531837]", Source: "/proc/self/ns/user (op 191), /proc/72/ns/user",
		},
		{
			Check: "ns.cgroup", Verdict: audit.Declared, Side: audit.SideBoth, Expected: "host", Found: "cgroup:[4026531835]",
			Source: "/proc/self/ns/cgroup (op 197), /proc/72/ns/cgroup", Note: "namespaces.cgroup is host",
		},
		{Check: "net.loopback", Verdict: audit.NotApplicable, Note: "namespaces.network is host"},
		{
			Check: "caps.effective", Verdict: audit.Pass, Side: audit.SideBoth, Basis: audit.BasisByRule, Expected: "none", Found: "none",
			Source: "capget(2), PR_CAPBSET_READ, PR_CAP_AMBIENT_IS_SET, /proc/72/status",
		},
		{Check: "escape.connect", Verdict: audit.Unknown, Scope: audit.NotAttempted, Expected: "refused", Note: "not attempted in this run"},
	}
}

func unexamined() []audit.Finding {
	var list []audit.Finding
	for _, c := range audit.Channels() {
		list = append(list, audit.Finding{Check: c.ID, Scope: audit.NotExamined, Note: "not examined"})
	}
	return list
}

// written is what a writer wrote.
func written(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

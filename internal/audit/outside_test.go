package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// jailed is a process of which everything was read: in namespaces of its own, with
// one mount of its own and nothing open.
func jailed() *evidence.Target {
	const uid = 1000
	ids := evidence.Known(evidence.IDs{Real: uid, Effective: uid, Saved: uid}, "status")
	p := evidence.Process{
		Caps: evidence.Known(caps.Sets{}, "status"), Capget: evidence.Known(caps.Sets{}, "capget(2)"),
		NoNewPrivs: evidence.Known(true, "status"), Seccomp: evidence.Known(2, "status"), UIDs: ids, GIDs: ids,
		Groups: evidence.Known([]uint32{}, "status"), UIDMap: evidence.Known([]evidence.IDMapLine{{Inside: uid, Outside: uid, Size: 1}}, "uid_map"),
		GIDMap:    evidence.Known([]evidence.IDMapLine{{Inside: uid, Outside: uid, Size: 1}}, "gid_map"),
		Setgroups: evidence.Known("deny", "setgroups"), FDs: evidence.Known([]evidence.FD{}, "fd"),
		Mounts: evidence.Known([]evidence.Mount{{ID: 9, Parent: 8, Device: "0:99", Root: "/", Point: "/", Type: "tmpfs", Super: "rw", Flags: evidence.MountNosuid | evidence.MountNodev}}, "mountinfo"),
		Root:   evidence.Known(evidence.Place{Path: "/", Mount: 9}, "root"), Cwd: evidence.Known(evidence.Place{Path: "/", Mount: 9}, "cwd"),
		Network: evidence.Network{
			Links:     evidence.Known([]evidence.Link{{Index: 1, Name: "lo", Loopback: true}}, "net/dev"),
			Addresses: evidence.Known([]evidence.Address{}, "net/fib_trie"), Routes: evidence.Known([]evidence.Route{}, "net/fib_trie"),
		},
	}
	t := &evidence.Target{
		PID: 70, Name: "sleep", Threads: 1, Environ: evidence.Known([]string{"PATH"}, "environ"), Sockets: evidence.Known([]string{}, "net/unix"),
		Crash: quiet(), Yama: evidence.Known(0, "yama"),
	}
	t.Own.ProcDevice = evidence.Known("0:5", "stat(2)")
	t.Own.UIDs = ids
	t.Own.Mounts = evidence.Known([]evidence.Mount{{ID: 1, Device: "254:0", Root: "/", Point: "/", Type: "ext4"}}, "mountinfo")
	for _, k := range ns.All() {
		t.Own.Namespaces[k] = evidence.Known(evidence.NamespaceID(100+k), "ns")
		p.Namespaces[k] = evidence.Known(evidence.NamespaceID(200+k), "ns")
		p.Owners[k] = evidence.Known(evidence.NamespaceID(200+ns.User), "NS_GET_USERNS")
	}
	p.Owners[ns.User] = evidence.Known(evidence.NamespaceID(100+ns.User), "NS_GET_PARENT")
	t.Kinds = []evidence.Kind{{TID: 70, Name: "sleep", Count: 1, Process: p}}
	return t
}

func observedOf(t *testing.T, p *policy.Policy, target *evidence.Target, check string) Finding {
	t.Helper()
	for _, f := range Observe(p, target) {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no finding of %s", check)
	return Finding{}
}

// TestOutlooksAreChecks: every row names a rule or a channel, once.
func TestOutlooksAreChecks(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range outlooks() {
		_, rule := Lookup(o.id)
		_, channel := LookupChannel(o.id)
		if rule == channel || seen[o.id] || o.look == nil && o.judge == nil {
			t.Errorf("%s: rule %v, channel %v", o.id, rule, channel)
		}
		seen[o.id] = true
	}
}

// TestAttemptsNeverPass: what takes an attempt is not said to be closed.
func TestAttemptsNeverPass(t *testing.T) {
	for _, p := range []*policy.Policy{nil, {}} {
		for _, f := range Observe(p, jailed()) {
			if strings.HasPrefix(f.Check, "escape.") && (f.Verdict != Unknown || f.Scope != NotObservable) {
				t.Errorf("%s: %s, %s", f.Check, f.Verdict, f.Scope)
			}
		}
	}
}

// TestNothingReadNothingClosed is the property that matters: of what was not read
// nothing passes, and that it could not be read gives findings.
func TestNothingReadNothingClosed(t *testing.T) {
	blind := jailed()
	blind.Kinds[0].Process = evidence.Process{}
	blind.Environ, blind.Sockets, blind.Crash = evidence.Fact[[]string]{}, evidence.Fact[[]string]{}, evidence.Crash{}
	for name, target := range map[string]*evidence.Target{"nothing read": blind, "no thread": {}} {
		for _, p := range []*policy.Policy{nil, {}} {
			findings := Observe(p, target)
			for _, f := range findings {
				if (f.Verdict == Pass || f.Verdict == Closed || f.Verdict == Declared) && f.Check != "proc.threads" {
					t.Errorf("%s: %s: %s without evidence: %+v", name, f.Check, f.Verdict, f)
				}
			}
			if len(Refusing(findings)) == 0 {
				t.Errorf("%s: nothing stands against it", name)
			}
		}
	}
}

// TestEveryFactCounts loses one fact after the other: no answer becomes better by
// that.
func TestEveryFactCounts(t *testing.T) {
	before := Observe(nil, jailed())
	for i, lose := range []func(*evidence.Target){
		func(x *evidence.Target) { lost(&x.Kinds[0].Caps) },
		func(x *evidence.Target) { lost(&x.Kinds[0].NoNewPrivs) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Seccomp) },
		func(x *evidence.Target) { lost(&x.Kinds[0].UIDs) },
		func(x *evidence.Target) { lost(&x.Kinds[0].UIDMap) },
		func(x *evidence.Target) { lost(&x.Kinds[0].FDs) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Mounts) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Network.Links) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Namespaces[ns.User]) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Namespaces[ns.Network]) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Namespaces[ns.Mount]) },
		func(x *evidence.Target) { lost(&x.Kinds[0].Owners[ns.User]) },
		func(x *evidence.Target) { lost(&x.Own.Mounts) },
		func(x *evidence.Target) { x.Unread = "too many threads" },
	} {
		target := jailed()
		lose(target)
		changed := false
		for j, f := range Observe(nil, target) {
			if f.weight() < before[j].weight() && before[j].Verdict != NotApplicable {
				t.Errorf("%d: %s was %s and is %s", i, f.Check, before[j].Verdict, f.Verdict)
			}
			changed = changed || f.Verdict != before[j].Verdict || f.Scope != before[j].Scope
		}
		if !changed {
			t.Errorf("%d: nobody noticed", i)
		}
	}
}

// TestWorstThreadAnswers: one thread in netjail's network namespace makes the
// process one that is.
func TestWorstThreadAnswers(t *testing.T) {
	target := jailed()
	other := target.Kinds[0]
	other.TID, other.Name, other.Count = 71, "w\n", 3
	other.Namespaces[ns.Network] = target.Own.Namespaces[ns.Network]
	target.Kinds, target.Threads = append(target.Kinds, other), 4
	f := observedOf(t, nil, target, "ns.network")
	if f.Verdict != Open || !strings.Contains(f.Found, "first thread: closed") || !strings.Contains(f.Found, "thread 71") || !strings.Contains(f.Found, "and 2 like it") {
		t.Errorf("%+v", f)
	}
	if f := observedOf(t, &policy.Policy{}, target, "ns.network"); f.Verdict != Fail {
		t.Errorf("%+v", f)
	}
	if f := observedOf(t, nil, target, "proc.threads"); f.Verdict != Closed || !strings.Contains(f.Found, "network namespace") {
		t.Errorf("%+v", f)
	}
}

// TestObserveAgainstAPolicy: a key that leaves something open declares it.
func TestObserveAgainstAPolicy(t *testing.T) {
	target := jailed()
	k := &target.Kinds[0]
	k.Namespaces[ns.IPC] = target.Own.Namespaces[ns.IPC]
	k.Seccomp.Value = 0
	strict, loose := &policy.Policy{}, &policy.Policy{}
	loose.Namespaces[ns.IPC] = policy.NamespaceHost
	loose.Audit.Waivers = []policy.Waiver{{Check: "seccomp.filter", Reason: "an old kernel"}}
	for _, c := range []struct {
		check         string
		strict, loose Verdict
	}{
		{"ns.ipc", Fail, Declared},
		{"ipc.sysv", Fail, Declared},
		{"seccomp.filter", Fail, Declared},
		{"ns.network", Pass, Pass},
		{"caps.effective", Pass, Pass},
		{"ids.uid-map", Pass, Pass},
	} {
		if f := observedOf(t, strict, target, c.check); f.Verdict != c.strict {
			t.Errorf("strict: %+v, want %s", f, c.strict)
		}
		if f := observedOf(t, loose, target, c.check); f.Verdict != c.loose {
			t.Errorf("loose: %+v, want %s", f, c.loose)
		}
	}
	findings := Observe(strict, target)
	if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Scope == NotObservable && !f.Refuses() }) {
		t.Error("nothing is said to be unknowable")
	}
}

// TestRemedyOfWhatMayNotBeRead names root, to whom that helps.
func TestRemedyOfWhatMayNotBeRead(t *testing.T) {
	target := jailed()
	target.Kinds[0].FDs = evidence.Unknown[[]evidence.FD]("/proc/70/fd", "EACCES: the process is not dumpable or belongs to another user")
	if f := observedOf(t, nil, target, "fd.cwd"); f.Verdict != Closed {
		t.Errorf("%+v", f)
	}
	if f := observedOf(t, nil, target, "fd.socket"); f.Verdict != Unknown || f.Scope != Examined || !strings.Contains(f.Note, "as root") {
		t.Errorf("%+v", f)
	}
}

package profiles_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
	"github.com/netjail/netjail/profiles"
)

var prefixes = cmp.Comparer(func(a, b inet.Prefix) bool { return a == b })

func parse(t *testing.T, name string) *policy.Resolved {
	t.Helper()
	src, ok := profiles.Source(name)
	if !ok {
		t.Fatal(name, "has no source")
	}
	doc, list := source.Parse(profiles.File(name), src)
	r, more := policy.Compile(doc)
	if err := append(list, more...).Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

func lookup(t *testing.T, name string) *policy.Resolved {
	t.Helper()
	r, ok := profiles.Lookup(name)
	if !ok {
		t.Fatal(name, "is not compiled")
	}
	return r
}

// What is compiled is what the YAML says.
func TestCompiledEqualsSource(t *testing.T) {
	for _, name := range profiles.Names() {
		compiled, parsed := lookup(t, name), parse(t, name)
		if diff := cmp.Diff(parsed, compiled, prefixes); diff != "" {
			t.Errorf("%s (go generate ./profiles; -parsed +compiled):\n%s", name, diff)
		}
		if compiled.Digest != compiled.Policy.Digest() {
			t.Errorf("%s: the digest is stale", name)
		}
		if compiled.Policy.Name != name {
			t.Errorf("%s is called %q inside", name, compiled.Policy.Name)
		}
	}
}

func TestLookupGivesACopy(t *testing.T) {
	lookup(t, "offline").Policy.Process.Environment.Pass[0] = "CHANGED"
	if lookup(t, "offline").Policy.Process.Environment.Pass[0] == "CHANGED" {
		t.Error("two lookups share memory")
	}
}

func TestUnknown(t *testing.T) {
	if _, ok := profiles.Source("no-such-profile"); ok {
		t.Error("found a source")
	}
	if _, ok := profiles.Lookup("no-such-profile"); ok {
		t.Error("found a profile")
	}
}

// base is the defaults, written out.
func TestBaseIsTheDefault(t *testing.T) {
	want := policy.Default()
	got := lookup(t, "base").Policy
	want.Name, want.Description, want.Filesystem.Root = got.Name, got.Description, policy.RootHost
	if diff := cmp.Diff(&want, got, prefixes); diff != "" {
		t.Errorf("-default +base:\n%s", diff)
	}
}

func TestOffline(t *testing.T) {
	p := lookup(t, "offline").Policy
	for _, k := range ns.All() {
		if !p.New(k) {
			t.Errorf("the %s namespace is the host's", k)
		}
	}
	if p.Loopback.State != policy.LinkUp || p.NewPrivileges || p.Capabilities != (policy.Capabilities{}) {
		t.Errorf("%+v", p)
	}
	if s := p.Sockets; s.HostFamilies || s.Unix != policy.UnixDeny || p.NestedUserNamespaces != policy.NestingDeny {
		t.Errorf("%+v", p)
	}
	for _, name := range p.Process.Environment.Pass {
		if policy.Secret(name) {
			t.Errorf("%s looks like a secret", name)
		}
	}
}

// Of the two strict profiles each has a filter; minimal and audit-only have none,
// and only audit-only gives up no_new_privs with it.
func TestFilters(t *testing.T) {
	for name, want := range map[string]bool{"base": true, "offline": true, "minimal": false, "audit-only": false} {
		p := lookup(t, name).Policy
		if p.Filtered() != want {
			t.Errorf("%s: filtered is %t", name, p.Filtered())
		}
		if p.NewPrivileges != (name == "audit-only") {
			t.Errorf("%s: new privileges are %t", name, p.NewPrivileges)
		}
	}
}

func TestAuditOnlyChangesNothing(t *testing.T) {
	p := lookup(t, "audit-only").Policy
	for _, k := range ns.All() {
		if p.New(k) {
			t.Errorf("the %s namespace is new", k)
		}
	}
	if !p.Capabilities.Host || !p.NewPrivileges || p.Audit.Mode != policy.AuditReport {
		t.Errorf("%+v", p)
	}
}

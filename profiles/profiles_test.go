package profiles_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/policy/source"
	"github.com/netjail/netjail/profiles"
)

var prefixes = cmp.Comparer(func(a, b inet.Prefix) bool { return a == b })

func parse(t *testing.T, name string) *policy.Resolved {
	t.Helper()
	src, missing := find(name, nil)
	if missing != nil {
		t.Fatal(name, "has no source")
	}
	r, list := source.Resolve(src, find)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

// find is where built-in profiles find what they extend.
func find(name string, _ *policy.Source) (*policy.Source, *diag.Diagnostic) {
	text, ok := profiles.Source(name)
	if !ok {
		return nil, &diag.Diagnostic{Message: "no such profile"}
	}
	return &policy.Source{File: profiles.File(name), Text: text, BuiltIn: true}, nil
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

// base is the defaults, written out, but for the files.
func TestBaseIsTheDefault(t *testing.T) {
	want := policy.Default()
	got := lookup(t, "base").Policy
	want.Name, want.Description = got.Name, got.Description
	want.Filesystem = policy.Filesystem{Root: policy.RootHost, Home: policy.HomeHost, Hidden: policy.PathList{Kind: policy.PathsNone}}
	if diff := cmp.Diff(&want, got, prefixes); diff != "" {
		t.Errorf("-default +base:\n%s", diff)
	}
}

// jails are the profiles for work: those with every namespace and a tree of their
// own.
func jails() []string {
	return []string{"agent", "build", "offline", "offline-strict", "package-install"}
}

// What every one of them says.
func TestJails(t *testing.T) {
	for _, name := range jails() {
		p := lookup(t, name).Policy
		for _, k := range ns.All() {
			if p.New(k) != (k != ns.Time) {
				t.Errorf("%s: the %s namespace: %s", name, k, p.Namespaces[k])
			}
		}
		if p.NewPrivileges || p.Capabilities != (policy.Capabilities{}) || p.NestedUserNamespaces != policy.NestingDeny || p.Audit.Mode != policy.AuditEnforce || p.Process.OutliveParent {
			t.Errorf("%s: %+v", name, p)
		}
		f := p.Filesystem
		if f.Root != policy.RootSystem || f.Hidden.Kind != policy.PathsStandard || f.Protected.Kind != policy.PathsStandard || f.Mounts != nil ||
			!slices.Equal(f.Private, []string{"/run", "/tmp", "/var/tmp"}) {
			t.Errorf("%s: %+v", name, f)
		}
		for _, v := range p.Process.Environment.Set {
			if v.Name == "TMPDIR" && v.Value != "/tmp" {
				t.Errorf("%s: TMPDIR is %s", name, v.Value)
			}
		}
	}
}

// How they differ.
func TestJailsDiffer(t *testing.T) {
	type row struct {
		loopback policy.LinkState
		families bool
		unix     policy.UnixSockets
		home     policy.Home
		writable string
		path     string // in the environment: what is set, or "passed"
	}
	const system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	for name, want := range map[string]row{
		"offline":         {policy.LinkUp, true, policy.UnixIsolated, policy.HomeEphemeral, "project", "passed"},
		"offline-strict":  {policy.LinkDown, false, policy.UnixDeny, policy.HomeHidden, "", "/usr/local/bin:/usr/bin:/bin"},
		"build":           {policy.LinkUp, true, policy.UnixIsolated, policy.HomeHidden, "project", system},
		"package-install": {policy.LinkDown, true, policy.UnixDeny, policy.HomeEphemeral, "project", "passed"},
		"agent":           {policy.LinkUp, true, policy.UnixDeny, policy.HomeHidden, "project", "passed"},
	} {
		p := lookup(t, name).Policy
		got := row{
			p.Loopback.State, len(p.Sockets.Families) > 0, p.Sockets.Unix, p.Filesystem.Home,
			strings.Join(p.Filesystem.Writable, " "), pathOf(p.Process.Environment),
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func pathOf(e policy.Environment) string {
	for _, v := range e.Set {
		if v.Name == "PATH" {
			return v.Value
		}
	}
	if slices.Contains(e.Pass, "PATH") {
		return "passed"
	}
	return ""
}

// Nothing that looks like a secret passes by its name, and offline-strict knows
// nothing of who runs it.
func TestEnvironments(t *testing.T) {
	for _, name := range profiles.Names() {
		for _, pass := range lookup(t, name).Policy.Process.Environment.Pass {
			if policy.Secret(pass) {
				t.Errorf("%s: %s looks like a secret", name, pass)
			}
		}
	}
	e := lookup(t, "offline-strict").Policy.Process.Environment
	if got := e.Resolve([]string{"HOME=/h", "USER=u", "PATH=/p", "TERM=t", "LANG=l"}); !slices.Equal(got, []string{"PATH=/usr/local/bin:/usr/bin:/bin"}) {
		t.Error(got)
	}
}

// minimal and audit-only have no filter, and only audit-only gives up
// no_new_privs with it.
func TestFilters(t *testing.T) {
	for _, name := range profiles.Names() {
		p := lookup(t, name).Policy
		if p.Filtered() != (name != "minimal" && name != "audit-only") {
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

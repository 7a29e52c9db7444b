package policy_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/inet"
	"github.com/netjail/netjail/internal/policy"
)

// prefixes lets cmp look at addresses.
var prefixes = cmp.Comparer(func(a, b inet.Prefix) bool { return a == b })

const smallest = "apiVersion: netjail/v1\n"

func mustCompile(t *testing.T, src string) *policy.Resolved {
	t.Helper()
	r, list := compile("test.yaml", []byte(src))
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSmallestProfileIsDefault(t *testing.T) {
	want := policy.Default()
	if diff := cmp.Diff(&want, mustCompile(t, smallest).Policy, prefixes); diff != "" {
		t.Errorf("-default +compiled:\n%s", diff)
	}
}

// The defaults of the key table are those of Default.
func TestTableDefaults(t *testing.T) {
	for _, k := range policy.Keys() {
		if k.Default == "" || strings.Contains(k.Path, "[]") || strings.HasPrefix(k.Path, "capabilities.") {
			continue // the parts of a mapping: TestCapabilityParts
		}
		r := mustCompile(t, smallest+nest(k.Path, k.Default))
		if r.Digest != mustCompile(t, smallest).Digest {
			t.Errorf("%s: %s is not what the key means when it is left out", k.Path, k.Default)
		}
	}
}

// nest writes a value below a dotted path.
func nest(path, value string) string {
	var b strings.Builder
	names := strings.Split(path, ".")
	for i, name := range names {
		b.WriteString(strings.Repeat("  ", i) + name + ":")
		if i < len(names)-1 {
			b.WriteString("\n")
		}
	}
	return b.String() + " " + value + "\n"
}

func TestCapabilityParts(t *testing.T) {
	if mustCompile(t, smallest+"capabilities: {ambient: none}\n").Digest != mustCompile(t, smallest).Digest {
		t.Error("a part that is left out is not none")
	}
}

// Every word and every example of the table is accepted at its place.
func TestTableExamples(t *testing.T) {
	base := map[string]string{
		"apiVersion":            "",
		"filesystem.protected":  smallest + "filesystem:\n  writable: [project]\n  protected: ",
		"namespaces.mount.join": smallest + "filesystem: joined\nnamespaces:\n  pid: host\n  mount:\n    join: ",
		"loopback.addresses":    smallest + "loopback:\n  state: up\n  addresses: ",
	}
	for _, k := range policy.Keys() {
		if strings.Contains(k.Path, "[]") || strings.HasPrefix(k.Path, "capabilities.") {
			continue // only whole mappings make sense
		}
		for _, example := range k.Examples {
			if k.Item == policy.AtomParent || k.Item == policy.AtomLoosened {
				continue // about other profiles: TestExtends
			}
			before, special := base[k.Path]
			if !special {
				before = smallest
			}
			if strings.HasSuffix(before, ": ") {
				mustCompile(t, before+example+"\n")
			} else {
				mustCompile(t, before+nest(k.Path, example))
			}
		}
	}
}

func TestTableIsDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range policy.Keys() {
		if seen[k.Path] {
			t.Errorf("%s stands twice", k.Path)
		}
		seen[k.Path] = true
		if k.Meaning == "" || k.Since == "" || k.Type() == "" {
			t.Errorf("%s: incomplete row", k.Path)
		}
		if k.Parent() != "" && !seen[strings.TrimSuffix(k.Parent(), "[]")] {
			t.Errorf("%s stands before its parent", k.Path)
		}
	}
}

func TestDigestIgnoresSpelling(t *testing.T) {
	a := mustCompile(t, "apiVersion: netjail/v1\nloopback: {state: up}\nfilesystem:\n  root: host\n  private: [/var/tmp, /tmp, /run]\nprocess: {inheritFds: [2, 1, 0]}\n")
	b := mustCompile(t, "# a comment\nfilesystem: {root: \"host\"}\nloopback: up # another\nnamespaces: {user: new}\napiVersion: netjail/v1\n")
	if a.Digest != b.Digest {
		t.Errorf("%s and %s", a.Digest, b.Digest)
	}
	if c := mustCompile(t, smallest); c.Digest == a.Digest {
		t.Error("loopback does not change the digest")
	}
	if !strings.HasPrefix(a.Digest, "sha256:") || len(a.Digest) != 7+64 {
		t.Error("digest:", a.Digest)
	}
}

func TestOrigins(t *testing.T) {
	r := mustCompile(t, "apiVersion: netjail/v1\nfilesystem:\n  root: host\nloopback:\n  state: up\n")
	for key, want := range map[string]string{
		"filesystem.root": "test.yaml:3", "loopback": "test.yaml:4", "loopback.state": "test.yaml:4",
		"namespaces.user": "default", "no.such": "default",
	} {
		if got := r.Origins.Of(key).String(); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}

func TestPrintJSONIsJSON(t *testing.T) {
	for _, file := range profiles(t, "ok") {
		name := filepath.Base(file)
		r, _, _ := resolve("testdata/ok", name, read(t, file))
		var v struct {
			Version int
			Digest  string
			Profile map[string]any
			Origins map[string]struct {
				File    string
				Line    int
				Default bool
			}
		}
		if err := json.Unmarshal(policy.PrintJSON(r), &v); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if v.Version != 1 || v.Digest != r.Digest || v.Profile["apiVersion"] != "netjail/v1" || len(v.Origins) != len(r.Origins)+len(r.Tests) {
			t.Errorf("%s: %+v", file, v)
		}
		if v.Origins["apiVersion"].File != name || v.Origins["apiVersion"].Default {
			t.Errorf("%s: %+v", file, v.Origins)
		}
		if !json.Valid(r.Policy.Canonical()) {
			t.Errorf("%s: the canonical form is not JSON", file)
		}
	}
}

func TestWordsPrintAsInAProfile(t *testing.T) {
	got := []string{
		policy.NamespaceNew.String(), policy.NamespaceHost.String(), policy.NamespaceJoin.String(), policy.LinkDown.String(), policy.LinkUp.String(),
		policy.SetgroupsDeny.String(), policy.SetgroupsAllow.String(), policy.RootEmpty.String(), policy.RootHost.String(), policy.HomeHidden.String(), policy.HomeHost.String(),
		policy.AuditEnforce.String(), policy.AuditReport.String(),
		policy.UnixDeny.String(), policy.UnixIsolated.String(), policy.UnixAllow.String(), policy.UnixHost.String(), policy.NestingDeny.String(), policy.NestingAllow.String(),
	}
	if s := strings.Join(got, " "); s != "new host join down up deny allow empty host hidden host enforce report deny isolated allow host deny allow" {
		t.Error(s)
	}
}

func TestCompileNothing(t *testing.T) {
	if r, list := policy.Compile(nil); r != nil || len(list) != 0 {
		t.Error(r, list)
	}
}

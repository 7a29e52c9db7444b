package policy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// Each word means the value of its name, whatever the order of either.
func TestFilesystemWords(t *testing.T) {
	listed := func(paths ...string) policy.PathList {
		return policy.PathList{Kind: policy.PathsListed, List: paths}
	}
	for src, want := range map[string]func(*policy.Filesystem){
		"root: empty":       func(f *policy.Filesystem) { f.Root = policy.RootEmpty },
		"root: system":      func(f *policy.Filesystem) { f.Root = policy.RootSystem },
		"root: readonly":    func(f *policy.Filesystem) { f.Root = policy.RootReadonly },
		"root: host":        func(f *policy.Filesystem) { f.Root = policy.RootHost },
		"home: hidden":      func(f *policy.Filesystem) { f.Home = policy.HomeHidden },
		"home: readonly":    func(f *policy.Filesystem) { f.Home = policy.HomeReadonly },
		"home: ephemeral":   func(f *policy.Filesystem) { f.Home = policy.HomeEphemeral },
		"home: host":        func(f *policy.Filesystem) { f.Home = policy.HomeHost },
		"writable: none":    func(f *policy.Filesystem) { f.Writable = nil },
		"writable: [/b,/a]": func(f *policy.Filesystem) { f.Writable = []string{"/a", "/b"} },
		"hidden: standard":  func(f *policy.Filesystem) { f.Hidden = policy.PathList{Kind: policy.PathsStandard} },
		"hidden: none":      func(f *policy.Filesystem) { f.Hidden = policy.PathList{Kind: policy.PathsNone} },
		"hidden: [/b, /a]":  func(f *policy.Filesystem) { f.Hidden = listed("/a", "/b") },
		"protected: none":   func(f *policy.Filesystem) { f.Protected = policy.PathList{Kind: policy.PathsNone} },
		"protected: [b], mounts: [{destination: /b, type: bind, source: /a, options: [rw]}]": func(f *policy.Filesystem) {
			f.Protected = listed("b")
			f.Mounts = []policy.Mount{{Destination: "/b", Type: "bind", Source: "/a", Options: []string{"rw"}}}
		},
		"private: none": func(f *policy.Filesystem) { f.Private = nil },
		"private: [/a]": func(f *policy.Filesystem) { f.Private = []string{"/a"} },
		"mounts: none":  func(f *policy.Filesystem) { f.Mounts = nil },
		"mounts: [{destination: /b, type: tmpfs}, {destination: /a, type: bind, source: ., options: [rw]}]": func(f *policy.Filesystem) {
			f.Mounts = []policy.Mount{{Destination: "/b", Type: "tmpfs"}, {Destination: "/a", Type: "bind", Source: ".", Options: []string{"rw"}}}
		},
	} {
		f := policy.Default().Filesystem
		want(&f)
		got := mustCompile(t, smallest+"filesystem: {"+src+"}\n").Policy.Filesystem
		if diff := cmp.Diff(f, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", src, diff)
		}
	}
}

// The zero value of each key is the strictest; the defaults are not looser than
// what they are documented to be.
func TestFilesystemZero(t *testing.T) {
	var f policy.Filesystem
	if f.Root != policy.RootEmpty || f.Home != policy.HomeHidden || f.Hidden.Kind != policy.PathsStandard || f.Protected.Kind != policy.PathsStandard {
		t.Errorf("%+v", f)
	}
	if u := policy.UnixSockets(0); u != policy.UnixDeny {
		t.Error(u)
	}
}

// The word host is short for four others, and comes from the line that it
// stands on.
func TestFilesystemHost(t *testing.T) {
	short := mustCompile(t, smallest+"filesystem: host\n")
	long := mustCompile(t, smallest+"filesystem: {root: host, home: host, hidden: none, private: none}\n")
	if diff := cmp.Diff(long.Policy, short.Policy, prefixes); diff != "" || long.Digest != short.Digest {
		t.Errorf("-long +short:\n%s", diff)
	}
	for _, key := range []string{"root", "home", "hidden", "private", "mounts"} {
		if got := short.Origins.Of("filesystem." + key).String(); got != "test.yaml:2" {
			t.Errorf("%s comes from %s", key, got)
		}
	}
}

// What lies below another key's path is another path, and no error.
func TestDeeperPaths(t *testing.T) {
	mustCompile(t, smallest+`filesystem:
  writable: [/tmp/shared, "~/src"]
  hidden: ["~/src/keys", /tmp/shared/keys]
  mounts: [{destination: /tmp/shared/keys/x, type: tmpfs}, {destination: /run/y, type: bind, source: /tmp}]
sockets: {unix: {allow: [/run/x.sock]}}
`)
}

func TestUnixWords(t *testing.T) {
	for src, want := range map[string]policy.Sockets{
		"deny":             {Unix: policy.UnixDeny},
		"isolated":         {Unix: policy.UnixIsolated},
		"host":             {Unix: policy.UnixHost},
		"{allow: [/b]}":    {Unix: policy.UnixAllow, UnixAllowed: []string{"/b"}},
		"{allow: [/b,/a]}": {Unix: policy.UnixAllow, UnixAllowed: []string{"/a", "/b"}},
	} {
		p := mustCompile(t, smallest+"sockets: {unix: "+src+"}\n").Policy
		if p.Sockets.Unix != want.Unix || !slices.Equal(p.Sockets.UnixAllowed, want.UnixAllowed) {
			t.Errorf("%s: %+v", src, p.Sockets)
		}
		if !p.Filtered() {
			t.Errorf("%s leaves the command without a filter", src)
		}
	}
}

func TestMappingWords(t *testing.T) {
	for src, want := range map[string]policy.MappingKind{
		"caller": policy.MappingCaller, "subordinate": policy.MappingSubordinate,
		"[{containerID: 0, hostID: caller, size: 1}]": policy.MappingList,
	} {
		p := mustCompile(t, smallest+"uidMappings: "+src+"\ngidMappings: "+src+"\n").Policy
		if p.UIDMappings.Kind != want || p.GIDMappings.Kind != want || (len(p.UIDMappings.List) > 0) != (want == policy.MappingList) {
			t.Errorf("%s: %+v", src, p)
		}
	}
}

// A namespace that is joined is not a new one, and its file is kept.
func TestJoin(t *testing.T) {
	for _, k := range ns.All() {
		src := smallest + "namespaces: {" + k.String() + ": {join: /run/x}}\n"
		r, list := compile("test.yaml", []byte(src))
		switch k {
		case ns.Mount:
			if r != nil || len(list) != 1 || list[0].Code != "not-built" {
				t.Errorf("%s: %v", k, list.Err())
			}
			continue
		}
		if r == nil {
			t.Errorf("%s: %v", k, list.Err())
			continue
		}
		p := r.Policy
		if p.New(k) || p.Namespaces[k] != policy.NamespaceJoin || p.Joined[k] != "/run/x" {
			t.Errorf("%s: %v %q", k, p.Namespaces, p.Joined)
		}
		other := mustCompile(t, smallest+"namespaces: {"+k.String()+": {join: /run/y}}\n")
		if other.Digest == r.Digest {
			t.Errorf("%s: the file is not in the digest", k)
		}
	}
}

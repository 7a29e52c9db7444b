package tree

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netjail/netjail/internal/policy"
)

// The standard host: a merged /usr, one disk, and a user with a project.
const standardFiles = `
d /boot
d /dev/pts
d /dev/shm
c /dev/full
c /dev/null
c /dev/random
c /dev/tty
c /dev/urandom
c /dev/zero
f /etc/passwd
d /home/me/src/app/.git/hooks
d /home/you
d /opt/tool
d /proc/sys
f /proc/kcore
d /proc/acpi
d /root
d /run/user
d /srv/data
d /sys
d /tmp
d /usr/lib
f /usr/bin/true
f /home/me/src/app/.git/HEAD
f /home/me/src/app/.git/config
f /home/me/src/app/main.go
f /vmlinuz
l /bin usr/bin
l /lib usr/lib
l /var/run /run
d /var/tmp
d /var/lib
`

const standardMounts = `
ext4 /
proc /proc
sysfs /sys
devtmpfs /dev
tmpfs /run
`

// trial is one call of Lay.
type trial struct {
	files  string // beside the standard ones: type, path and, of a link, text
	mounts string // beside the standard ones: type, point, and options
	facts  func(*Facts)
	policy func(*policy.Policy)
}

// facts are those of the standard host.
func facts(t testing.TB, mounts string) *Facts {
	t.Helper()
	return &Facts{UID: 1000, Home: "/home/me", Workdir: "/home/me/src/app", Command: "/usr/bin/true", Mounts: mountTable(t, standardMounts+mounts)}
}

// bare is a policy that asks for a new root and an empty home, and for nothing
// else.
func bare() *policy.Policy {
	p := policy.Default()
	p.Filesystem = policy.Filesystem{Root: policy.RootSystem, Hidden: none, Protected: none}
	return &p
}

var none = policy.PathList{Kind: policy.PathsNone}

func listed(paths ...string) policy.PathList {
	return policy.PathList{Kind: policy.PathsListed, List: paths}
}

func (x trial) try(t testing.TB) (*Layout, []*Refusal, *fakeHost) {
	t.Helper()
	p, f := bare(), facts(t, x.mounts)
	if x.policy != nil {
		x.policy(p)
	}
	if x.facts != nil {
		x.facts(f)
	}
	h := newHost(t, standardFiles+x.files)
	l, err := Lay(p, f, h)
	if h.misused != "" {
		t.Errorf("Lstat, Readlink or ReadDir of %s, which leads through a link", h.misused)
	}
	var refused *Refusals
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("Lay: %T: %v", err, err)
	}
	if err != nil {
		if l != nil || len(refused.List) == 0 {
			t.Errorf("an error with the layout %v and the refusals %v", l, refused.List)
		}
		return nil, refused.List, h
	}
	for _, wrong := range wrongs(l, h) {
		t.Error(wrong)
	}
	return l, nil, h
}

// lay is the layout, which must not be refused.
func (x trial) lay(t testing.TB) *Layout {
	t.Helper()
	l, refused, _ := x.try(t)
	for _, r := range refused {
		t.Fatalf("refused: %v", r)
	}
	return l
}

// refuses wants exactly one refusal, of this key, with these words in its cause
// and in its help.
func (x trial) refuses(t testing.TB, key, cause, help string) {
	t.Helper()
	_, refused, _ := x.try(t)
	if len(refused) != 1 {
		t.Fatalf("%d refusals, want one for %s: %v", len(refused), key, refused)
	}
	r := refused[0]
	if r.Key != key || !strings.Contains(r.Cause, cause) || !strings.Contains(r.Help, help) {
		t.Errorf("refused:\n%s: %s\nhelp: %s\nwant %s with %q and %q", r.Key, r.Cause, r.Help, key, cause, help)
	}
}

// entries compares those entries of a layout that lie at or below one of the
// places with lines of text.
func entries(t testing.TB, l *Layout, places string, want ...string) {
	t.Helper()
	var got []string
	for i := range l.Entries {
		e := &l.Entries[i]
		if slices.ContainsFunc(strings.Fields(places), func(at string) bool { return under(e.Target, at) }) {
			got = append(got, entryText(e))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries at %s (-want +got):\n%s", places, diff)
	}
}

// entryText is an entry in one line. Every mount is nosuid and nodev where the
// line does not say otherwise.
func entryText(e *Entry) string {
	kinds := [...]string{"dir", "file", "link", "tmpfs", "overlay", "ephemeral", "bind", "mask", "proc", "devpts"}
	words := []string{kinds[e.Kind], e.Target}
	switch {
	case e.Kind == Symlink:
		words = append(words, "-> "+e.Source)
	case e.Source != "" && e.Source != e.Target:
		words = append(words, "< "+e.Source)
	}
	for _, w := range []struct {
		is   bool
		text string
	}{
		{e.Kind == Tmpfs || e.Kind == Dir && e.Perm != 0o755, strconv.FormatUint(uint64(e.Perm), 8)},
		{e.Size > 0, "size=" + strconv.FormatUint(e.Size, 10)},
		{e.Self, "self"},
		{e.Recursive, "recursive"},
		{e.Options.Has(ReadOnly), "ro"},
		{e.Options.Has(Noexec), "noexec"},
		{e.Kind.Mounts() && !e.Options.Has(Nosuid), "suid"},
		{e.Kind.Mounts() && !e.Options.Has(Nodev), "dev"},
	} {
		if w.is {
			words = append(words, w.text)
		}
	}
	return strings.Join(words, " ")
}

// absents are the paths that one key noted as absent.
func absents(l *Layout, key string) []string {
	var paths []string
	for _, a := range l.Absent {
		if a.Key == key {
			paths = append(paths, a.Path)
		}
	}
	return paths
}

// mountTable reads lines of type, point and options. Each mount lies on the
// nearest one before it; a field `root=` says what of the file system it shows,
// and `dev=` which file system it is.
func mountTable(t testing.TB, text string) []MountPoint {
	t.Helper()
	var mounts []MountPoint
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		m := MountPoint{ID: 20 + len(mounts), Parent: 1, Type: f[0], Point: f[1], Root: "/", Device: "8:" + strconv.Itoa(len(mounts))}
		for _, o := range mounts {
			if under(m.Point, o.Point) {
				m.Parent = o.ID
			}
		}
		for _, word := range f[2:] {
			name, value, _ := strings.Cut(word, "=")
			switch name {
			case "root":
				m.Root = value
			case "dev":
				m.Device = value
			case "noexec":
				m.Options |= Noexec
			default:
				t.Fatalf("unknown option %q", word)
			}
		}
		mounts = append(mounts, m)
	}
	return mounts
}

// fakeHost is a host in memory.
type fakeHost struct {
	nodes map[string]Node
	texts map[string]string
	names map[string][]string
	// locked are directories that cannot be listed, and what is below them not
	// seen.
	locked map[string]bool
	calls  int
	// misused is a path that was asked for against the contract of Host.
	misused string
}

// newHost reads lines of a letter, a path and a link's or a file's text. Parents are
// directories. All belongs to the caller, but for /shared, which is somebody
// else's apart from what is below /shared/me, and but for what is called theirs. The letters are d, f, l, s, p, c, b and x, a directory that cannot
// be looked into.
func newHost(t testing.TB, text string) *fakeHost {
	t.Helper()
	h := &fakeHost{nodes: map[string]Node{}, texts: map[string]string{}, names: map[string][]string{}, locked: map[string]bool{}}
	h.add("/", typeDir)
	for _, line := range strings.Split(text, "\n") {
		if line == "" {
			continue
		}
		f := strings.SplitN(line, " ", 3)
		kind, ok := map[string]uint32{"d": typeDir, "f": typeFile, "l": typeLink, "s": typeSocket, "p": typeFIFO, "c": typeChar, "b": typeBlock, "x": typeDir}[f[0]]
		if !ok || !strings.HasPrefix(f[1], "/") {
			t.Fatalf("a bad line: %q", line)
		}
		h.add(f[1], kind)
		if len(f) == 3 {
			h.texts[f[1]] = f[2]
		}
		h.locked[f[1]] = f[0] == "x"
	}
	return h
}

func (h *fakeHost) add(p string, kind uint32) {
	if _, ok := h.nodes[p]; ok {
		return
	}
	if p != "/" {
		h.add(parent(p), typeDir)
		names := append(h.names[parent(p)], base(p))
		slices.Sort(names)
		h.names[parent(p)] = names
	}
	owner := uint32(1000)
	if strings.HasPrefix(p, "/shared") && !below(p, "/shared/me") || base(p) == "theirs" {
		owner = 66
	}
	perm := uint32(0o755)
	if base(p) == "shut" || kind == typeSocket {
		perm = 0o700
	}
	h.nodes[p] = Node{Device: 0x801, Inode: uint64(len(h.nodes) + 2), Type: kind, Owner: Owner{UID: owner, GID: owner}, Perm: perm}
}

// check notes a path that is not clean, or that leads through a link.
func (h *fakeHost) check(p string) {
	h.calls++
	if !strings.HasPrefix(p, "/") || path.Clean(p) != p {
		h.misused = p
	}
	for at := parent(p); at != "/" && strings.HasPrefix(p, "/"); at = parent(at) {
		if h.nodes[at].is(typeLink) {
			h.misused = p
		}
	}
}

func (h *fakeHost) Lstat(p string) (Node, bool) {
	h.check(p)
	for at := parent(p); at != "/" && strings.HasPrefix(p, "/"); at = parent(at) {
		if h.locked[at] {
			return Node{}, false
		}
	}
	n, ok := h.nodes[p]
	return n, ok
}

func (h *fakeHost) Readlink(p string) (string, error) {
	h.check(p)
	if text, ok := h.texts[p]; ok {
		return text, nil
	}
	return "", fs.ErrInvalid
}

func (h *fakeHost) ReadText(p string) (string, bool) {
	h.check(p)
	return h.texts[p], h.nodes[p].is(typeFile)
}

func (h *fakeHost) ReadDir(p string) ([]string, error) {
	h.check(p)
	if h.locked[p] || !h.nodes[p].is(typeDir) {
		return nil, fs.ErrPermission
	}
	return h.names[p], nil
}

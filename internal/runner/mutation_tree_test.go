package runner_test

import (
	"debug/elf"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/evidence"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// What a plan does about files depends on the host's. For a table that is the
// same everywhere the mutations run on a stage: a few directories of which every
// name is known, and nothing else of the host but its devices and its /proc.

// onStage is a shell script that makes the stage in a mount namespace of its own
// and then executes its arguments. The table is shared with nobody, but marked
// so that there is something for mount.private to do.
const onStage = `set -e
mount -t tmpfs -o mode=755 stage /mnt
mount -t tmpfs -o mode=755 stage /opt
mkdir -p /mnt/home/.secret /mnt/project/.git/hooks /mnt/data/sub /opt/tool
echo secret >/mnt/home/.secret/key
echo token >/mnt/home/.token
echo setting >/mnt/project/.git/config
cp "$1" /mnt/command
chmod -R a+rX /mnt
chown -R "$2:$2" /mnt/home /mnt/project
mount -t tmpfs -o mode=755 sub /mnt/data/sub
mount --make-rshared /
shift 2
exec "$@"
`

// The names of the stage.
const (
	stageHome    = "/mnt/home"
	stageWork    = "/mnt/project"
	stageCommand = "/mnt/command"
)

// stage answers tree.Lay with what is on the stage, and with the few files of the
// host that every kernel has.
type stage struct{}

// props are the files of the host that are seen from the stage.
var props = []string{
	"/", "/dev", "/dev/full", "/dev/null", "/dev/random", "/dev/tty", "/dev/urandom", "/dev/zero",
	"/opt", "/proc", "/proc/fs", "/proc/interrupts", "/proc/sys", "/tmp", "/run", "/mnt",
}

func (stage) Lstat(name string) (tree.Node, bool) {
	var st unix.Stat_t
	if !slices.Contains(props, name) && !strings.HasPrefix(name, "/mnt/") || unix.Lstat(name, &st) != nil {
		return tree.Node{}, false
	}
	return tree.Node{
		Device: st.Dev, Inode: st.Ino, Type: st.Mode & unix.S_IFMT, Owner: tree.Owner{UID: st.Uid, GID: st.Gid}, Perm: st.Mode & 0o777,
	}, true
}

func (stage) Readlink(name string) (string, error) { return os.Readlink(name) }

// ReadText is empty: no file of the stage says anything.
func (s stage) ReadText(string) (string, bool) { return "", false }

func (s stage) ReadDir(name string) ([]string, error) {
	entries, err := os.ReadDir(name)
	var names []string
	for _, e := range entries {
		if _, ok := s.Lstat(path.Join(name, e.Name())); ok {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// set lays what p asks for out on the stage. What is shared is given to root's
// command, or only shown.
func set(t testing.TB, p *policy.Policy, give bool) func(*plan.Host) {
	return func(h *plan.Host) {
		t.Helper()
		own := evidence.ReadOwnMounts()
		if !own.Known {
			t.Fatal(own.Why)
		}
		f := &tree.Facts{Home: stageHome, Workdir: stageWork, Command: stageCommand, Idmap: give}
		for _, m := range own.Value {
			f.Mounts = append(f.Mounts, tree.MountPoint{
				ID: m.ID, Parent: m.Parent, Device: m.Device, Root: m.Root, Point: m.Point, Type: m.Type, Options: tree.Options(m.Flags & 0xf),
			})
		}
		var err error
		if h.Tree, err = tree.Lay(p, f, stage{}); err != nil {
			t.Fatal(err)
		}
		h.TreeRefused = nil
	}
}

// What a command on the stage sees as its files.
const (
	inNewRoot   = "new-root"
	overCallers = "over-the-callers"
	givenToRoot = "given-to-root"
)

// furnished asks for every kind of thing that a new root can hold.
func furnished(p *policy.Policy) {
	p.Filesystem = policy.Filesystem{
		Root: policy.RootSystem, Home: policy.HomeEphemeral,
		Writable:  []string{stageWork},
		Hidden:    policy.PathList{Kind: policy.PathsListed, List: []string{stageHome + "/.secret", stageHome + "/.token"}},
		Protected: policy.PathList{Kind: policy.PathsListed, List: []string{".git/config", ".git/hooks"}},
		Private:   []string{"/tmp", "/run"},
		Mounts: []policy.Mount{
			{Destination: "/data", Type: "bind", Source: "/mnt/data", Options: []string{"ro", "rbind"}},
			{Destination: "/cache", Type: "tmpfs", Options: []string{"size=1m"}},
		},
	}
}

// refurnished asks for what can be put over the caller's own tree.
func refurnished(p *policy.Policy) {
	furnished(p)
	p.Filesystem.Root, p.Filesystem.Mounts = policy.RootHost, nil
	p.Filesystem.Private = []string{"/tmp"}
}

// staticSelf is a copy of this program that runs without any other file, as there
// is none on the stage.
func staticSelf(t *testing.T) string {
	t.Helper()
	f, err := elf.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Fatal("this test must be built with CGO_ENABLED=0: on its stage there is no dynamic loader")
		}
	}
	return jailtest.CopySelf(t)
}

// withMore adds the rows of ops that are not there yet.
func withMore(rows, more []mutationRow) []mutationRow {
	for _, r := range more {
		if indexOf(rows, r.Op) < 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// loose says whether an op makes mounts of which none is read-only.
func loose(o *plan.Op) bool {
	for _, e := range o.Entries {
		if e.Options.Has(tree.ReadOnly) {
			return false
		}
	}
	return len(o.Entries) > 0
}

// eachIsNoticed leaves one call out of each op of the tree that is several.
func eachIsNoticed(t *testing.T, base trial) {
	t.Helper()
	plain := base
	if err := plain.run(t); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for i := range plain.plan.Ops {
		o := &plain.plan.Ops[i]
		calls := o.Calls()
		if calls < 2 || !strings.HasPrefix(o.Name, "mount.") || strings.HasSuffix(o.Name, ".same") {
			continue
		}
		for k := range calls {
			tried++
			if spoilTrial(t, base, func(l *plan.Plan) *plan.Plan { return l.WithoutEach(i, k*len(o.Each)/calls) }).Ran {
				t.Errorf("op %s can be carried out without call %d of %d, and the command starts", o.Name, k, calls)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d calls were left out", tried)
	}
}

// unnoticedInTree says, as unnoticed does, why nothing is lost with an op of a
// plan that makes a tree.
func unnoticedInTree(r *mutationRow, pretended bool) string {
	op := r.Op
	switch {
	case !r.InTree:
		return ""
	case strings.HasPrefix(op, "fd.close."), strings.HasPrefix(op, "attempt.handed.close"), strings.HasSuffix(op, ".close") && (strings.HasPrefix(op, "attempt.setns.") || strings.HasPrefix(op, "maps.")):
		return "`mount.close` closes the same once the tree is made"
	case strings.HasPrefix(op, "mount.") && strings.HasSuffix(op, ".same"):
		return "it compares what was opened with what netjail saw, and nobody changed a path meanwhile"
	case strings.HasPrefix(op, "mount.self.clone.") && strings.HasSuffix(op, ".options") && r.Loose:
		return "a mount of what is mounted already has the attributes of that, and `fs.root` reads them"
	case op == "mount.store.attach":
		return "kernels that make overlays of a tmpfs that is nowhere do not need it, and on others the set-up ends; the store is no part of the tree"
	case op == "attempt.unix.path.connect":
		return "the other control, by an abstract name, still shows that the calls work"
	case strings.HasPrefix(op, "mount.link."):
		return "a link opens nothing; a full audit reads each"
	}
	return ""
}

package runner_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
)

// project makes the working directory one with a git repository and something to
// hide, and gives its path.
func project(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(jailtest.PublicDir(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{".git/hooks", "secret"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{".git/HEAD", ".git/config", "token"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("x\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

// guarded is offline with files of its own.
func guarded(t *testing.T, dir string, root policy.Root) *policy.Policy {
	p := bundled(t, "offline")
	p.Filesystem = policy.Filesystem{
		Root: root, Home: policy.HomeHidden, Writable: []string{"."}, Private: []string{"/run", "/tmp", "/var/tmp"},
		Hidden: policy.PathList{Kind: policy.PathsListed, List: []string{filepath.Join(dir, "secret"), filepath.Join(dir, "token")}},
	}
	if root == policy.RootHost {
		p.Filesystem.Home = policy.HomeHost // which of root's is closed to root's jail, and nothing is mounted there
		p.Sockets.Unix = policy.UnixDeny    // as every socket of the host is in reach
	}
	return p
}

var roots = []policy.Root{policy.RootSystem, policy.RootReadonly, policy.RootHost}

// TestTreeAudited: what is laid out on this host comes out so, and the audit says
// it.
func TestTreeAudited(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, root := range roots {
		for _, full := range []bool{false, true} {
			t.Run(root.String()+map[bool]string{true: " in full"}[full], func(t *testing.T) {
				p := guarded(t, project(t), root)
				x := &trial{policy: p, argv: []string{"/bin/true"}, full: full}
				err := x.run(t)
				if root == policy.RootReadonly && os.Getuid() == jailtest.Stranger {
					if err == nil {
						t.Error("nobody knows which directory is to be hidden as this user's home")
					}
					return
				}
				if err != nil {
					t.Fatalf("%v\n%+v", err, audit.Refusing(x.findings))
				}
				for _, check := range []string{"fs.root", "fs.home", "fs.private", "fs.writable", "fs.protected", "fs.hidden", "fs.proc", "fd.cwd", "proc.umask"} {
					if f := x.finding(t, check); f.Verdict != audit.Pass && f.Verdict != audit.Declared {
						t.Errorf("%+v", f)
					}
				}
				if f := x.finding(t, "fs.root"); (f.Verdict == audit.Pass) == (root == policy.RootHost) {
					t.Errorf("%+v", f)
				}
			})
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestTreeTampered: what is done to the tree behind the plan's back is seen from
// outside.
func TestTreeTampered(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	const (
		readOnly, nosuid, nodev, noexec, remount, bind = 1, 2, 4, 8, 0x20, 0x1000 // mount(2)
		detach                                         = 2                        // umount2(2)
	)
	dir := project(t)
	for _, c := range []struct {
		check string
		op    plan.Op
	}{
		{"fs.root", call("mount", text("none"), text("/opt"), text("tmpfs"), word(0), word(0))},
		{"fs.root", call("mount", word(0), text("/"), word(0), word(remount|bind|nosuid|nodev), word(0))},
		{"fs.root", call("umount2", text("/opt"), word(detach))},
		{"fs.root", chroot("/tmp")},
		{"fs.root", chroot("/usr/lib")},
		{"fs.writable", call("mount", text(dir), text("/run"), word(0), word(bind), word(0))},
		{"fs.host-executes", call("mount", text(dir), text("/run"), word(0), word(bind), word(0))},
		{"fs.hidden", call("umount2", text(dir+"/secret"), word(detach))},
		{"fs.hidden", call("umount2", text(dir+"/token"), word(detach))},
		{"fs.protected", call("mount", word(0), text(dir+"/.git/config"), word(0), word(remount|bind|nosuid|nodev), word(0))},
		{"fs.protected", call("umount2", text(dir+"/.git/hooks"), word(detach))},
		{"fs.private", call("umount2", text("/run"), word(detach))},
		{"fs.proc", call("mount", word(0), text("/proc/sys"), word(0), word(remount|bind|nosuid|nodev|noexec), word(0))},
		{"fs.proc", call("umount2", text("/proc/interrupts"), word(detach))},
		{"fs.devices", call("mount", text("/dev/null"), text("/dev/zero"), word(0), word(bind), word(0))},
		{"ipc.posix-shm", call("umount2", text("/dev/shm"), word(detach))},
		{"proc.setuid", call("mount", text("none"), text("/opt"), text("tmpfs"), word(nodev), word(0))},
		{"fd.cwd", call("chdir", text("/"))},
		{"proc.umask", call("umask", word(0))},
	} {
		t.Run(c.check+" "+c.op.Call, func(t *testing.T) {
			x := &trial{policy: guarded(t, dir, policy.RootSystem), argv: []string{"/bin/true"}, mutate: func(p *plan.Plan) *plan.Plan {
				return behind(t, p, "mount.umask.back", c.op)
			}}
			if err := x.run(t); err == nil {
				t.Fatal("the command started")
			}
			if len(x.findings) == 0 {
				t.Fatal("the tampering failed: nothing was judged")
			}
			if !slices.Contains(x.refusing(), c.check) {
				t.Errorf("noticed by %v alone", x.refusing())
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

// TestTreeLetsNothingIn: what is bound into the new root while the host's is still
// there is seen for what it is.
func TestTreeLetsNothingIn(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	const bind, recursive = 0x1000, 0x4000 // mount(2)
	dir := project(t)
	for source, checks := range map[string][]string{
		"/sys":  {"fs.root", "fs.sysfs", "fs.writable"},
		"/proc": {"fs.root", "fs.remote"},
		"/dev":  {"fs.root", "fs.devices", "fs.remote"},
		"/etc":  {"fs.root", "fs.writable", "fs.host-executes", "fs.fifo", "fs.devices", "proc.setuid"},
	} {
		t.Run(source, func(t *testing.T) {
			x := &trial{policy: guarded(t, dir, policy.RootSystem), argv: []string{"/bin/true"}, mutate: func(p *plan.Plan) *plan.Plan {
				// The new root lies over the old one, where ".." leads to it.
				return behind(t, p, "mount.root.seal", call("mount", text(source), text("/../run"), word(0), word(bind|recursive), word(0)))
			}}
			if err := x.run(t); err == nil || len(x.findings) == 0 {
				t.Fatalf("nothing was judged: %v", err)
			}
			for _, check := range checks {
				if !slices.Contains(x.refusing(), check) {
					t.Errorf("not noticed by %s: %v", check, x.refusing())
				}
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

// behind is the plan with one op more behind the one that is called name.
func behind(t *testing.T, p *plan.Plan, name string, o plan.Op) *plan.Plan {
	t.Helper()
	i := p.Index(name)
	if i < 0 {
		t.Fatalf("the plan has no op %q", name)
	}
	q := *p
	q.Ops = slices.Insert(slices.Clone(p.Ops), i+1, o)
	return &q
}

// call is an op of the child's that must succeed.
func call(name string, args ...plan.Arg) plan.Op {
	o := plan.Op{Name: "tamper", Actor: plan.Child, Call: name, Args: args, Key: "-"}
	if name == "umask" {
		o.Expect.Mode = plan.ExpectAny
	}
	return o
}

// chroot is a call that no plan makes.
func chroot(path string) plan.Op {
	o := call("chroot", text(path))
	o.Number = unix.SYS_CHROOT
	return o
}

func text(s string) plan.Arg { return plan.Arg{Kind: plan.ArgString, Name: s} }

func word(n uint64) plan.Arg { return plan.Arg{Value: n} }

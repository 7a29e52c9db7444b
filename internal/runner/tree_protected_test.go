package runner_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/tree"
)

// repository is a directory like one of git's, which the jail owns.
func repository(t *testing.T) string {
	t.Helper()
	dir := jailtest.PublicDir(t)
	if err := os.MkdirAll(filepath.Join(dir, ".git", "hooks"), 0o755); err != nil {
		t.Fatal(err)
	}
	jailtest.File(t, filepath.Join(dir, ".git"), "config", "kept\n", false)
	jailtest.File(t, filepath.Join(dir, ".git", "hooks"), "hook", "kept\n", false)
	jailtest.File(t, dir, ".envrc", "kept\n", false)
	ownedByJail(t, dir)
	return dir
}

const readOnly = tree.ReadOnly | tree.Nosuid | tree.Nodev

// protect makes what git and shells execute read-only in a repository that is
// shown at target.
func protect(h *house, dir, target string) *house {
	for _, p := range []struct {
		path    string
		options tree.Options
	}{{".envrc", readOnly}, {".git", 0}, {".git/config", readOnly}, {".git/hooks", readOnly}} {
		h.add(tree.Entry{
			Kind: tree.Bind, Self: true, Target: filepath.Join(target, p.path), Source: filepath.Join(dir, p.path),
			Node: nodeOf(h.t, filepath.Join(dir, p.path)), Options: p.options, Key: "filesystem.protected",
		})
	}
	return h
}

// TestProtected: what is protected can be neither changed nor replaced nor moved
// away with the directory that it is in, and the rest of the directory is as
// writable as on the host.
func TestProtected(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, l := range launchers() {
		for _, inHost := range []bool{false, true} {
			dir := repository(t)
			h, target := newRoot(t), "/work"
			if inHost {
				h, target = inPlace(t), dir
			}
			h.launcher = l
			if !inHost {
				inside(h, tree.Bind, dir, target, tree.Nosuid|tree.Nodev)
			}
			protect(h, dir, target)
			h.says("cd "+target+`
echo x >.git/config; echo x >.git/hooks/hook; echo x >.git/hooks/new; echo x >.envrc
mv .git .git2; mv .git/hooks .git/hooks2; mv .git/config .git/config2; mv .envrc .envrc2
echo x >new && mv new .envrc; echo x >.git/new && mv .git/new .git/config
rm .git/config; rm -r .git/hooks; chmod 777 .envrc
echo x >.git/index && echo x >file && mv file file2 && rm .git/index file2 && echo the rest is writable`, `
sh: 3: cannot create .git/config: Read-only file system
sh: 3: cannot create .git/hooks/hook: Read-only file system
sh: 3: cannot create .git/hooks/new: Read-only file system
sh: 3: cannot create .envrc: Read-only file system
mv: cannot move '.git' to '.git2': Device or resource busy
mv: cannot move '.git/hooks' to '.git/hooks2': Device or resource busy
mv: cannot move '.git/config' to '.git/config2': Device or resource busy
mv: cannot move '.envrc' to '.envrc2': Device or resource busy
mv: cannot move 'new' to '.envrc': Device or resource busy
mv: cannot move '.git/new' to '.git/config': Device or resource busy
rm: cannot remove '.git/config': Device or resource busy
rm: cannot remove '.git/hooks/hook': Read-only file system
chmod: changing permissions of '.envrc': Read-only file system
the rest is writable`)
			for _, kept := range []string{".git/config", ".git/hooks/hook", ".envrc"} {
				if text, err := os.ReadFile(filepath.Join(dir, kept)); err != nil || string(text) != "kept\n" {
					t.Errorf("%s: %q, %v", kept, text, err)
				}
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestHidden: what is hidden reads as empty, wherever it lies, and what hides it
// cannot be changed or taken away.
func TestHidden(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, k := range []tree.Kind{tree.Ephemeral, tree.Overlay, tree.Bind} {
		dir := jailtest.PublicDir(t)
		jailtest.File(t, dir, "secret", "secret\n", false)
		if err := os.Mkdir(filepath.Join(dir, "keys"), 0o755); err != nil {
			t.Fatal(err)
		}
		jailtest.File(t, filepath.Join(dir, "keys"), "secret", "secret\n", false)
		ownedByJail(t, dir)
		h := inside(newRoot(t), k, dir, "/home/me", tree.Nosuid|tree.Nodev)
		h.mask("/home/me/secret").tmpfs("/home/me/keys", 0o755, tree.ReadOnly).mask("/proc/keys").mask("/proc/locks")
		write := "Read-only file system"
		h.says(`cd /home/me; cat secret keys/* /proc/keys /proc/locks; ls keys
echo x >secret; touch keys/new; chmod 600 secret; rm secret; mv keys keys2; rmdir keys; umount secret; stat -c "%a %s" secret`, `
cat: 'keys/*': No such file or directory
sh: 3: cannot create secret: `+write+`
touch: cannot touch 'keys/new': `+write+`
chmod: changing permissions of 'secret': `+write+`
rm: cannot remove 'secret': `+busyOr(k)+`
mv: cannot move 'keys' to 'keys2': `+busyOr(k)+`
rmdir: failed to remove 'keys': `+busyOr(k)+`
umount: /home/me/secret: must be superuser to unmount.
444 0`)
	}
	jailtest.AlsoAsUser(t)
}

// busyOr is what removing a mount point in a directory of this kind comes to.
func busyOr(k tree.Kind) string {
	if k == tree.Overlay {
		return "Read-only file system"
	}
	return "Device or resource busy"
}

// TestReadOnlySelf: a part of a fresh /proc becomes read-only.
func TestReadOnlySelf(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	h := newRoot(t)
	for _, path := range []string{"/proc/bus", "/proc/sys"} {
		h.add(tree.Entry{Kind: tree.Bind, Self: true, Target: path, Options: readOnly | tree.Noexec})
	}
	h.says("echo x >/proc/sys/kernel/hostname; echo 0 >/proc/self/oom_score_adj && echo the rest is writable",
		"sh: 2: cannot create /proc/sys/kernel/hostname: Read-only file system\nthe rest is writable")
	jailtest.AlsoAsUser(t)
}

// TestInPlace: in the caller's own tree a mount of every kind comes to lie where
// the layout has it, and the host has none of them.
func TestInPlace(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	for _, l := range launchers() {
		dir, other := jailtest.PublicDir(t), jailtest.PublicDir(t)
		for _, name := range []string{"empty", "shown", "own", "over"} {
			if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
				t.Fatal(err)
			}
			jailtest.File(t, filepath.Join(dir, name), "host", name+"\n", false)
		}
		jailtest.File(t, dir, "secret", "secret\n", false)
		jailtest.File(t, other, "other", "other\n", false)
		ownedByJail(t, dir)
		h := inPlace(t).tmpfs(dir+"/empty", 0o755, tree.ReadOnly)
		h.dir(dir+"/empty/made").show(tree.Bind, other, dir+"/empty/made", readOnly)
		h.show(tree.Overlay, other, dir+"/shown", 0)
		h.show(tree.Ephemeral, dir+"/own", dir+"/own", 0)
		h.mask(dir+"/secret").self(dir+"/over", readOnly)
		h.add(tree.Entry{Kind: tree.Proc, Target: "/proc", Options: tree.Nosuid | tree.Nodev | tree.Noexec})
		h.launcher, h.layout.Workdir = l, dir
		before := mountTable(t)
		h.standing = func() {
			if after := mountTable(t); after != before {
				t.Errorf("the host's mounts were\n%s\nand are\n%s", before, after)
			}
		}
		h.says(`ls empty empty/made shown own over; cat secret; touch empty/x shown/x over/x; echo more >>own/host; cat own/host
grep -c /proc/driver /proc/self/mountinfo; tail -n1 /proc/self/mountinfo | cut -d" " -f5`, `
empty:
made

empty/made:
other

over:
host

own:
host

shown:
other
touch: cannot touch 'empty/x': Read-only file system
touch: cannot touch 'shown/x': Read-only file system
touch: cannot touch 'over/x': Read-only file system
own
more
0
/proc`)
		if text, err := os.ReadFile(filepath.Join(dir, "own", "host")); err != nil || string(text) != "own\n" {
			t.Errorf("%q, %v", text, err)
		}
	}
	jailtest.AlsoAsUser(t)
}

func mountTable(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

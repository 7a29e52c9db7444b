package runner_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
)

// everyFamily lets a house's command make any socket, so that only its files
// stand between it and the host's.
func everyFamily(p *policy.Policy) {
	p.Sockets = policy.Sockets{HostFamilies: true, Unix: policy.UnixHost}
}

// meetingPlace is a directory in which somebody of the host listens: on sockets
// and at a FIFO, under several names.
func meetingPlace(t *testing.T) string {
	t.Helper()
	dir := jailtest.PublicDir(t)
	for _, name := range []string{"early", "moved"} {
		listen(t, filepath.Join(dir, name))
	}
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: filepath.Join(dir, "datagram")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := os.Mkdir(filepath.Join(dir, "below"), 0o755); err != nil {
		t.Fatal(err)
	}
	listen(t, filepath.Join(dir, "below", "deep"))
	waitAtFIFO(t, filepath.Join(dir, "fifo"))
	openToAll(t, dir)
	return dir
}

// listen listens on a stream socket until the test ends.
func listen(t *testing.T, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
}

// waitAtFIFO makes a FIFO and has it open for reading until the test ends.
func waitAtFIFO(t *testing.T, path string) {
	t.Helper()
	if err := unix.Mkfifo(path, 0o666); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
}

// openToAll lets root's jail, which has other ids, use what is in a directory.
func openToAll(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return os.Chmod(path, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOverlayDead: behind an overlay no socket and no FIFO of the host answers,
// whatever it is called and whenever it was made. The control is the same through
// a bind.
func TestOverlayDead(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := meetingPlace(t)
	attempts := []string{
		"connect:/place/early", "connect:/place/below/deep", "connect:/place/later", "connect:/place/renamed",
		"connect:/place/linked", "datagram:/place/datagram", "fifo:/place/fifo", "fifo:/place/later-fifo",
	}
	for _, c := range []struct {
		kind tree.Kind
		want []string
	}{
		{tree.Bind, []string{"success", "success", "success", "success", "success", "success", "success", "success"}},
		{tree.Overlay, []string{"ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ENXIO", "ENXIO"}},
		{tree.Ephemeral, []string{"ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED", "ENXIO", "ENXIO"}},
	} {
		t.Run(kindName(c.kind), func(t *testing.T) {
			h := inside(newRoot(t).visitor(), c.kind, dir, "/place", tree.Nosuid|tree.Nodev)
			h.change = everyFamily
			// The tree stands when the judge is asked: what is made then is made later.
			h.standing = func() {
				listen(t, filepath.Join(dir, "later"))
				waitAtFIFO(t, filepath.Join(dir, "later-fifo"))
				if err := os.Rename(filepath.Join(dir, "moved"), filepath.Join(dir, "renamed")); err != nil {
					t.Error(err)
				}
				if err := os.Link(filepath.Join(dir, "early"), filepath.Join(dir, "linked")); err != nil {
					t.Error(err)
				}
				openToAll(t, dir)
			}
			h.visits(attempts, c.want...)
			if err := os.Rename(filepath.Join(dir, "renamed"), filepath.Join(dir, "moved")); err != nil {
				t.Error(err)
			}
			for _, name := range []string{"later", "later-fifo", "linked"} {
				os.Remove(filepath.Join(dir, name))
			}
		})
	}
	jailtest.AlsoAsUser(t)
}

func kindName(k tree.Kind) string {
	return map[tree.Kind]string{tree.Bind: "bind", tree.Overlay: "overlay", tree.Ephemeral: "ephemeral"}[k]
}

// TestOverlayReadOnly: what is behind an overlay reads as it is, has the
// permission bits that it has, and cannot be written to.
func TestOverlayReadOnly(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := jailtest.PublicDir(t)
	jailtest.File(t, dir, "file", "text\n", false)
	openToAll(t, dir)
	if err := os.Chmod(dir, 0o775); err != nil {
		t.Fatal(err)
	}
	h := inside(newRoot(t), tree.Overlay, dir, "/place", 0)
	h.says("cat /place/file; stat -c %a /place /place/file; echo x >/place/file; touch /place/new; mv /place/file /place/b; rm /place/file", `
text
775
666
sh: 2: cannot create /place/file: Read-only file system
touch: cannot touch '/place/new': Read-only file system
mv: cannot move '/place/file' to '/place/b': Read-only file system
rm: cannot remove '/place/file': Read-only file system`)
	jailtest.AlsoAsUser(t)
}

// TestEphemeral: what is written is there, can be executed, and is gone when the
// command ends; the host's directory is what it was.
func TestEphemeral(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns")
	dir := jailtest.PublicDir(t)
	jailtest.File(t, dir, "kept", "text\n", false)
	jailtest.File(t, dir, "removed", "text\n", false)
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	jailtest.File(t, filepath.Join(dir, "sub"), "deep", "text\n", false)
	openToAll(t, dir)
	for _, d := range []string{dir, filepath.Join(dir, "sub")} {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	ownedByJail(t, dir)
	says := "777\nkept\nremoved\nsub\nran\ntext\nmore\nkept\nown\nsub"
	if !jailtest.HasLinux(6, 6) { // tmpfs has no attributes of users' there, by which an overlay covers a directory
		says = "777\nkept\nremoved\nsub\nran\ntext\nmore\nrm: cannot remove 'sub': Input/output error\nkept\nown\nsub"
	}
	before := fileTree(t, dir)
	for range 2 { // the second time finds nothing of the first
		h := inside(newRoot(t), tree.Ephemeral, dir, "/place", tree.Nosuid|tree.Nodev)
		h.says(`cd /place; stat -c %a .; ls; echo more >>kept; rm removed; mkdir sub/new; mv sub/deep sub/moved; cp /bin/true own; ./own && echo ran; cat kept
rm -r sub && mkdir sub && ls sub; ls`, says)
		if after := fileTree(t, dir); after != before {
			t.Errorf("the host's directory was\n%s\nand is\n%s", before, after)
		}
	}
	jailtest.AlsoAsUser(t)
}

// fileTree is everything in a directory: names, modes, times and contents.
func fileTree(t *testing.T, dir string) string {
	t.Helper()
	text := ""
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			return err
		}
		text += path + " " + octal(int(st.Mode)) + " " + itoa(int(st.Ino)) + " " + itoa(int(st.Mtim.Nano())) + " " + itoa(int(st.Ctim.Nano()))
		if d.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text += " " + string(content)
		}
		text += "\n"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

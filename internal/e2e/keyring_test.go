package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// keys is a program that makes key calls: its arguments are `session`, which
// begins a session keyring with a key in it, `fill`, which makes keys until there
// is no room, `run`, which executes what follows, and `search`, which says whether
// the key can be read and how a new one can be made.
const keys = `import ctypes, errno, os, platform, sys
libc = ctypes.CDLL(None, use_errno=True)
add, call = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
def ask(nr, *args):
    n = libc.syscall(nr, *args)
    return n if n >= 0 else errno.errorcode[ctypes.get_errno()]
def keyctl(*args): return ask(call, *args)
def key(name): return ask(add, b"user", name, b"word", 4, -3)
words = sys.argv[1:]
while words:
    word = words.pop(0)
    if word == "session":
        assert isinstance(keyctl(1, None), int) and isinstance(key(b"netjail-lure"), int)
    elif word == "fill":
        n = 0
        while isinstance(key(b"%d" % n), int): n += 1
        assert key(b"x") == "EDQUOT", key(b"x")
    elif word == "search":
        found = keyctl(10, -3, b"user", b"netjail-lure", 0)
        print("found" if isinstance(found, int) else found, "made" if isinstance(key(b"own"), int) else key(b"own"))
    elif word == "run":
        os.execvp(words[0], words)
`

// withKeyring is minimal with this word for the keyring: no filter refuses key
// calls.
func (w *world) withKeyring(t testing.TB, word string) string {
	return w.profile(t, "keyring-"+word, `namespaces: {mount: host, pid: host}
sockets: {families: host, unix: host}
nestedUserNamespaces: allow
process: {terminal: host, keyring: `+word+`}
`)
}

// TestKeyring: a key of the caller's session is found where the profile leaves the
// keyring, and not where it does not. The new one can be used.
func TestKeyring(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		program := jailtest.File(t, w.dir, "keys.py", keys, false)
		python := func(argv ...string) ending {
			return finish(t, w.bySh(":", append([]string{"python3", program}, argv...)...))
		}
		if e := python("session", "search"); e.out != "found made\n" {
			t.Fatalf("the control, without netjail: %s", e)
		}
		for _, launcher := range []string{"--stage=false", "--stage"} {
			for profile, want := range map[string]string{
				w.withKeyring(t, "host"): "found",
				w.withKeyring(t, "new"):  "ENOKEY made\n",
				"minimal":                "found",
				"base":                   "ENOSYS ENOSYS\n", // its filter refuses key calls
			} {
				e := python("session", "run", w.netjail, "run", launcher, profile, "python3", program, "search")
				if !e.exited(0) || e.err != "" || !strings.HasPrefix(e.out, want) {
					t.Errorf("%s %s: %s, want %q", launcher, profile, e, want)
				}
			}
		}
	})
}

// TestKeyringReport: what a full audit says of it.
func TestKeyringReport(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		program := jailtest.File(t, w.dir, "keys.py", keys, false)
		for _, before := range []string{"session", "run"} { // with and without a session keyring of the caller's
			path := filepath.Join(w.dir, before+".json")
			argv := []string{"python3", program, before, "run", w.netjail, "run", "--report", path, "base", "true"}
			if before == "run" {
				argv = append(argv[:3:3], argv[4:]...)
			}
			must(t, w.bySh(":", argv...))
			if got := readReport(t, path).found(t, "keys.session"); !strings.HasSuffix(got, " (keyring _ses: empty)") {
				t.Errorf("%s: %q", before, got)
			}
		}
	})
}

// ownQuota is a user whose keys nobody else's test needs.
const ownQuota = 54321

// TestKeyringRefused: a quota that is used up, and a filter around netjail, are
// named, with what to do.
func TestKeyringRefused(t *testing.T) {
	jailtest.Require(t, "python3")
	each(t, func(t *testing.T, w *world) {
		marker := filepath.Join(w.dir, "started")
		for _, errno := range []unix.Errno{unix.ENOSYS, unix.EPERM} {
			filter := jailtest.Filter{{Call: unix.SYS_KEYCTL, Errno: uint32(errno)}}
			w.refusedWith(t, w.in(filter.Under(w.victim, w.netjail, "run", "base", "touch", marker)), marker,
				"keyring.join", "seccomp filter", "keyring: host")
			must(t, w.in(filter.Under(w.victim, w.netjail, "run", "minimal", "true"))) // keyring: host
		}
		if w.UID == 0 || os.Getuid() != 0 {
			return // root may have a million keys, and an ordinary user's are needed by the tests beside this one
		}
		program := jailtest.File(t, w.dir, "keys.py", keys, false)
		c := w.bySh(":", "python3", program, "session", "fill", "run", w.netjail, "run", "base", "touch", marker)
		c.SysProcAttr.Credential = &syscall.Credential{Uid: ownQuota, Gid: ownQuota}
		w.refusedWith(t, c, marker, "disk quota exceeded", "kernel.keys.maxkeys", "each jail that runs has one", "keyring: host")
	})
}

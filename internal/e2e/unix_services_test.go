package e2e

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
)

// nameServices are where the C library and its modules ask the host for names:
// whoever answers can send DNS for the command. Sources: nscd(8), nss-resolve(8),
// systemd.io/USER_GROUP_API.
var nameServices = []string{
	"/run/nscd/socket", "/run/systemd/resolve/io.systemd.Resolve", "/run/systemd/userdb/io.systemd.Multiplexer",
	"/run/dbus/system_bus_socket",
}

// The C library asks nscd outside, and not inside: with a fresh /run there is
// none, and without unix sockets nobody can be asked.
func TestNameServices(t *testing.T) {
	jailtest.Require(t, "root", "nsenter", "getent")
	each(t, func(t *testing.T, w *world) {
		if w.UID == jailtest.Stranger {
			w.UID = accounts(t)[1].UID // a home directory is what the password file says
		}
		c := exec.Command(w.victim, jailtest.Services(w.victim, nameServices...)[1:]...)
		c.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		services := newTalker(t, c)
		defer services.close(t)
		asked := func() string { return strings.TrimSpace(string(services.ask(t, ""))) }
		uid := strconv.Itoa(w.UID)
		within := func(argv ...string) ending {
			in := exec.Command("nsenter", append([]string{
				"--mount=/proc/" + strconv.Itoa(c.Process.Pid) + "/ns/mnt", "--setuid", uid, "--setgid", uid,
				"sh", "-c", `cd "$0" && exec "$@"`, w.dir,
			}, argv...)...)
			return finish(t, in)
		}
		if n := asked(); n != "0" {
			t.Fatalf("asked %s times before anybody could", n)
		}
		if e := within("getent", "passwd", "root"); !e.exited(0) {
			t.Fatalf("without netjail: %s", e)
		}
		before := asked()
		if before == "0" {
			jailtest.Lacking(t, "this C library asks no nscd")
		}
		for _, profile := range []string{"offline", "offline-strict", "build", "base"} {
			if e := within(w.netjail, "run", profile, "getent", "passwd", "root"); !e.exited(0) || !strings.HasPrefix(e.out, "root:") {
				t.Errorf("%s: %s", profile, e)
			}
			if now := asked(); now != before {
				t.Errorf("%s: asked %s times, and %s before", profile, now, before)
			}
		}
	})
}

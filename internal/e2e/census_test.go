package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// TestCensusBesideJails: other jails of the same user's, and root's, are nobody in
// this one.
func TestCensusBesideJails(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, profile := range []string{"offline-strict", "minimal"} {
			seconds := strconv.Itoa(993000 + 10*i + w.UID%10)
			w.inside(t, []string{w.netjail, "run", profile, "sleep", seconds}, seconds)
		}
		for _, profile := range []string{"offline-strict", "base", "minimal"} {
			got := w.observe(t, profile)
			for _, check := range []string{"proc.enter", "fd.helper", "evidence.disagree"} {
				if v := got.verdict(check); v != "pass" {
					t.Errorf("%s: %s: %s, %s", profile, check, v, got.found(t, check))
				}
			}
		}
	})
}

// TestCensusOfAJoinedJail: a jail that joins another's namespaces is told who lives
// there, by number.
func TestCensusOfAJoinedJail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seconds := strconv.Itoa(993100 + w.UID%10)
		pid := w.inside(t, []string{w.netjail, "run", "offline-strict", "sleep", seconds}, seconds)
		text := fmt.Sprintf("namespaces: {user: {join: /proc/%d/ns/user}, network: {join: /proc/%d/ns/net}}\nfilesystem: host\n", pid, pid)
		got := w.observe(t, w.profile(t, "joined", text))
		for _, check := range []string{"proc.enter", "fd.helper"} {
			if v := got.verdict(check); v != "declared" {
				t.Errorf("%s: %s, %s", check, v, got.found(t, check))
			}
		}
		if found := got.found(t, "proc.enter"); !strings.Contains(found, fmt.Sprintf("process %d \"sleep\" in user, network", pid)) {
			t.Error(found)
		}
	})
}

// TestCensusHidden: where /proc hides others' processes, an ordinary user's netjail
// says that it does not know, and starts the command all the same; root's sees them.
func TestCensusHidden(t *testing.T) {
	jailtest.Require(t, "unshare")
	each(t, func(t *testing.T, w *world) {
		if w.UID == 0 {
			return // whom nothing is hidden from
		}
		if w.Credential() == nil {
			return // it takes root to mount: root's tests are this user's part as well
		}
		for _, hide := range []string{"1", "2"} {
			script := fmt.Sprintf(`mount -t proc -o hidepid=%s proc /proc && exec setpriv --reuid %d --regid %d --clear-groups "$0" audit --format json offline-strict`, hide, w.UID, w.UID)
			e := finish(t, exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-c", script, w.netjail))
			o := new(observed)
			if err := json.Unmarshal([]byte(e.out), o); err != nil || !e.exited(0) {
				t.Fatalf("hidepid=%s: %v: %s", hide, err, e)
			}
			for _, check := range []string{"proc.enter", "fd.helper"} {
				if v := o.verdict(check); v != "unknown" || !strings.Contains(o.found(t, check), "hidepid") {
					t.Errorf("hidepid=%s: %s: %s, %s", hide, check, v, o.found(t, check))
				}
			}
		}
	})
}

// TestCensusAtExit: somebody who has entered the jail is judged with everybody else
// at the command's end, though no parent of it is in there.
func TestCensusAtExit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path, ready := filepath.Join(w.dir, "entered.json"), strconv.Itoa(994000+w.UID%10)
		c := w.jail("--report", path, "--at", "exit", "base", "sleep", ready)
		var said strings.Builder
		c.Stderr = &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			c.Process.Kill()
			c.Wait()
		})
		jailtest.Eventually(t, "the start was judged", func() bool { _, err := os.Stat(path); return err == nil })
		command := jailtest.Descendant(t, c.Process.Pid, "sleep").PID
		// It brings a socket of the host's network.
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		socket := os.NewFile(uintptr(fd), "socket")
		defer socket.Close()
		v := w.in([]string{"nsenter", "--preserve-credentials", "--user", "--net", "--target", strconv.Itoa(command), "sleep", "995000"})
		v.ExtraFiles = []*os.File{socket}
		if err := v.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			v.Process.Kill()
			v.Wait()
		})
		jailtest.Eventually(t, "somebody has entered", func() bool {
			p, _ := jailtest.Stat(v.Process.Pid)
			return p.Comm == "sleep"
		})
		if err := unix.Kill(command, unix.SIGTERM); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		r := w.readEnd(t, path)
		if r.AtExit.Verdict != "fail" || r.AtExit.Moving == "" {
			t.Errorf("%+v; netjail ended with %v, and said %q", r.AtExit, c.ProcessState, said.String())
		}
		for _, p := range r.AtExit.Processes {
			failed := p.judged("fail")
			if entered := p.PID == v.Process.Pid; slices.Contains(failed, "proc.enter") != entered || slices.Contains(failed, "fd.socket-namespace") != entered {
				t.Errorf("process %d %q, of which %d has entered: failed %q", p.PID, p.Name, v.Process.Pid, failed)
			}
		}
		if len(r.AtExit.Processes) != 2 {
			t.Errorf("%+v", r.AtExit.Processes)
		}
	})
}

// TestObserveCompany: an audit of a running process names whoever has entered its
// namespaces from outside.
func TestObserveCompany(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seconds := strconv.Itoa(993200 + w.UID%10)
		pid := w.inside(t, []string{w.netjail, "run", "offline-strict", "sleep", seconds}, seconds)
		got := w.observe(t, "--pid", strconv.Itoa(pid))
		if v := got.verdict("proc.enter"); v != "closed" && v != "unknown" || w.UID != 0 && v != "unknown" {
			t.Errorf("alone: %s, %s", v, got.found(t, "proc.enter"))
		}
		v := w.in([]string{"nsenter", "--preserve-credentials", "--user", "--net", "--target", strconv.Itoa(pid), "sleep", "995001"})
		if err := v.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			v.Process.Kill()
			v.Wait()
		})
		jailtest.Eventually(t, "somebody has entered", func() bool {
			p, _ := jailtest.Stat(v.Process.Pid)
			return p.Comm == "sleep"
		})
		for profile, want := range map[string]string{"": "open", "offline-strict": "fail"} {
			args := []string{"--pid", strconv.Itoa(pid)}
			if profile != "" {
				args = append(args, profile)
			}
			got := w.observe(t, args...)
			name := fmt.Sprintf("process %d \"sleep\" in user, network", v.Process.Pid)
			if v := got.verdict("proc.enter"); v != want || !strings.Contains(got.found(t, "proc.enter"), name) {
				t.Errorf("%s: %s, %s", profile, v, got.found(t, "proc.enter"))
			}
		}
	})
}

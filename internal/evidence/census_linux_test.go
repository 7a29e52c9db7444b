package evidence

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/ns"
)

// sleeper is a process in new namespaces, until the test ends.
func sleeper(t *testing.T, flags uintptr) int {
	t.Helper()
	c := exec.Command("/bin/sleep", "1000")
	line := []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER | flags, UidMappings: line, GidMappings: line}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	return c.Process.Pid
}

// TestOpenlyAgreesWithTheLinks: what the kernel tells everybody of a process says the
// same of its namespaces as the links that only some may read.
func TestOpenlyAgreesWithTheLinks(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	kinds := []ns.Kind{ns.Network, ns.Mount}
	jails := []int{sleeper(t, unix.CLONE_NEWNET|unix.CLONE_NEWNS), sleeper(t, unix.CLONE_NEWNET|unix.CLONE_NEWNS), sleeper(t, unix.CLONE_NEWNS)}
	all := append([]int{os.Getpid()}, jails...)
	for _, jail := range jails {
		command := ReadProcess(jail, Options{IDMaps: true, Namespaces: true, Mounts: true})
		r := &countReader{jail: &command, buffer: make([]byte, procBuffer), census: &Census{}}
		for _, k := range kinds {
			r.sought[k] = command.Namespaces[k].Value
		}
		var err error
		if r.network, err = networkNumber(fmt.Sprintf("/proc/%d/", jail)); err != nil {
			t.Fatal(err)
		}
		for _, pid := range all {
			d, err := openProcess(pid)
			if err != nil {
				t.Fatal(err)
			}
			var links, open Resident
			if told, err := r.thread(d, &links); err != nil || !told {
				t.Fatalf("%t %v", told, err)
			}
			if err := r.openly(d, &open); err != nil {
				t.Fatal(err)
			}
			d.close()
			if links.In != open.In || links.In[ns.Mount] != (pid == jail) {
				t.Errorf("process %d in the jail of %d: %v by the links, %v openly", pid, jail, links.In, open.In)
			}
		}
	}
	jailtest.AlsoAsUser(t)
}

// TestCensusFindsItsOwn counts the residents of a process's namespaces: it, another
// that is there, and nobody else; one that ends is gone.
func TestCensusFindsItsOwn(t *testing.T) {
	jailtest.Require(t, "userns", "netns")
	pid := sleeper(t, unix.CLONE_NEWNET|unix.CLONE_NEWPID|unix.CLONE_NEWNS)
	jail := ReadProcess(pid, Options{IDMaps: true, Namespaces: true, Mounts: true})
	var sought Marks
	for _, k := range []ns.Kind{ns.User, ns.Network, ns.PID} {
		sought[k] = jail.Namespaces[k].Value
	}
	s := ReadCensus(sought, &jail, []int{pid})
	if len(s.Residents) != 1 || s.Residents[0].PID != pid || s.Residents[0].Inner != 1 || s.Missing != "" || s.Seen < 2 || s.Hidden {
		t.Fatalf("%+v", s)
	}
	if in := s.Residents[0].In; !in[ns.User] || !in[ns.Network] || !in[ns.PID] || in[ns.Mount] {
		t.Errorf("in %v", in)
	}
	sought[ns.Network]++
	if s := ReadCensus(sought, &jail, []int{pid}); len(s.Residents) != 1 || s.Residents[0].In[ns.Network] {
		t.Errorf("in a namespace that nobody is in: %+v", s.Residents)
	}
	jailtest.AlsoAsUser(t)
}

// TestWithin reads a process's own /proc, and nothing else that lies there.
func TestWithin(t *testing.T) {
	jailtest.Require(t, "unshare", "userns")
	c := exec.Command("unshare", "--user", "--map-current-user", "--pid", "--fork", "--mount-proc", "--kill-child", "/bin/sleep", "1000")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	pid := jailtest.Descendant(t, c.Process.Pid, "sleep").PID
	got := readWithin(pid)
	if !got.Known || len(got.Value) != 1 || got.Value[0].PID != 1 || got.Value[0].Name != "sleep" {
		t.Errorf("%+v", got)
	}
	if got := readWithin(-1); got.Known || got.Why == "" {
		t.Errorf("%+v", got)
	}
	jailtest.AlsoAsUser(t)
}

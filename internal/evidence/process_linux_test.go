package evidence

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
)

// known fails where a fact is not known, and gives its value.
func known[T any](t *testing.T, what string, f Fact[T]) T {
	t.Helper()
	if !f.Known || f.Source == "" {
		t.Errorf("%s (%s): not known: %s", what, f.Source, f.Why)
	}
	return f.Value
}

// agree compares what a process says of itself with what is seen from outside.
func agree(t *testing.T, in Inside, out Process) {
	t.Helper()
	sets := known(t, "caps", in.Caps)
	if known(t, "status caps", out.Caps) != sets || known(t, "capget", out.Capget) != sets {
		t.Errorf("inside %s\nstatus %s\ncapget %s", sets, out.Caps.Value, out.Capget.Value)
	}
	same(t, "no_new_privs", known(t, "nnp", in.NoNewPrivs), known(t, "nnp", out.NoNewPrivs))
	same(t, "seccomp", known(t, "seccomp", in.Seccomp), known(t, "seccomp", out.Seccomp))
	same(t, "setgroups", known(t, "setgroups", in.Setgroups), known(t, "setgroups", out.Setgroups))
	if a, b := known(t, "uid_map", in.UIDMap), known(t, "uid_map", out.UIDMap); !slices.Equal(a, b) {
		t.Errorf("uid_map: inside %v, outside %v", a, b)
	}
	if a, b := known(t, "gid_map", in.GIDMap), known(t, "gid_map", out.GIDMap); !slices.Equal(a, b) {
		t.Errorf("gid_map: inside %v, outside %v", a, b)
	}
	for _, k := range ns.All() {
		same(t, k.String(), known(t, k.String(), in.Namespaces[k]), known(t, k.String(), out.Namespaces[k]))
	}
}

func same[T comparable](t *testing.T, what string, inside, outside T) {
	t.Helper()
	if inside != outside {
		t.Errorf("%s: inside %v, outside %v", what, inside, outside)
	}
}

// agreeNetwork compares the dumps with /proc/PID/net, as far as that tells.
func agreeNetwork(t *testing.T, in, out Network) {
	t.Helper()
	links := slices.Clone(known(t, "links", in.Links))
	for i := range links {
		links[i].Up = false
	}
	if got := known(t, "links", out.Links); !slices.Equal(links, got) {
		t.Errorf("links: inside %v, outside %v", links, got)
	}
	addresses := func(list []Address) (texts []string) {
		for _, a := range list {
			texts = append(texts, fmt.Sprint(a.Link, a.Prefix.Addr()))
		}
		slices.Sort(texts)
		return texts
	}
	if a, b := addresses(known(t, "addresses", in.Addresses)), addresses(known(t, "addresses", out.Addresses)); !slices.Equal(a, b) {
		t.Errorf("addresses: inside %v, outside %v", a, b)
	}
	routes := func(list []Route) (texts []string) {
		for _, r := range list {
			texts = append(texts, fmt.Sprint(r))
		}
		slices.Sort(texts)
		return texts
	}
	if a, b := routes(known(t, "routes", in.Routes)), routes(known(t, "routes", out.Routes)); !slices.Equal(a, b) {
		t.Errorf("routes: inside %v, outside %v", a, b)
	}
}

func TestJailInsideAndOutside(t *testing.T) {
	for _, id := range []int{0, 1000} {
		for _, words := range [][]string{nil, {"lo-up", "no-new-privs"}} {
			t.Run(fmt.Sprint(id, words), func(t *testing.T) {
				testJail(t, id, words)
			})
		}
	}
}

func testJail(t *testing.T, id int, words []string) {
	if id != 0 && len(words) > 0 {
		id = 0 // execve takes the capability that sets lo up from every other id
	}
	pid, in := jailed(t, newNamespaces(id, ns.Network, ns.IPC, ns.UTS), words...)
	out := ReadProcess(pid, everything)
	agree(t, in, out)
	agreeNetwork(t, in.Network, out.Network)
	me := ReadSelf()
	for _, k := range ns.All() {
		mine, its := known(t, k.String(), me.Namespaces[k]), known(t, k.String(), out.Namespaces[k])
		isNew := slices.Contains([]ns.Kind{ns.User, ns.Network, ns.IPC, ns.UTS}, k)
		if isNew == (mine == its) {
			t.Errorf("%s: mine is %d, its is %d", k, mine, its)
		}
		if !isNew {
			continue
		}
		want := out.Namespaces[ns.User].Value
		if k == ns.User {
			want = me.Namespaces[ns.User].Value
		}
		if owner := known(t, "owner of "+k.String(), out.Owners[k]); owner != want {
			t.Errorf("%s is owned by %d, want %d", k, owner, want)
		}
	}
	ids := IDs{uint32(os.Getuid()), uint32(os.Getuid()), uint32(os.Getuid())}
	if got := known(t, "uids", out.UIDs); got != ids {
		t.Errorf("uids outside: %v, want %v", got, ids)
	}
	if got := known(t, "uids", in.UIDs).Effective; got != uint32(id) {
		t.Errorf("uid inside: %d, want %d", got, id)
	}
	if got := known(t, "pids", out.NSPids); !slices.Equal(got, []int{pid}) {
		t.Errorf("pids: %v, want %d", got, pid)
	}
	if up := known(t, "links", in.Network.Links)[0].Up; up != (len(words) > 0) {
		t.Errorf("lo is up: %v", up)
	}
}

func TestDescriptors(t *testing.T) {
	cmd := exec.Command("/bin/sleep", "100")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	own, other := os.NewFile(uintptr(pair[0]), "own"), os.NewFile(uintptr(pair[1]), "other")
	defer own.Close()
	defer other.Close()
	net, err := os.Open("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	defer net.Close()
	memory, err := unix.MemfdCreate("evidence", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	memfd := os.NewFile(uintptr(memory), "memfd")
	defer memfd.Close()
	cmd.ExtraFiles = []*os.File{r, own, net, memfd}
	stop(t, cmd)
	got := known(t, "fds", readSleeper(t, cmd.Process.Pid, Options{FDs: true}).FDs)
	want := []FDKind{FDFile, FDFile, FDFile, FDPipe, FDSocket, FDNamespace, FDAnonymous}
	if len(got) < len(want) {
		t.Fatalf("%d descriptors, want %d", len(got), len(want))
	}
	for i, fd := range got[:len(want)] { // others may have been inherited by the test itself
		if fd.Number != i || fd.Kind != want[i] {
			t.Errorf("descriptor %d is %d: %s, of kind %d", i, fd.Number, fd.Target, fd.Kind)
		}
	}
}

// readSleeper waits until the program has been started and sleeps, then reads.
func readSleeper(t *testing.T, pid int, o Options) Process {
	t.Helper()
	own, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
		wait, _ := os.ReadFile(fmt.Sprintf("/proc/%d/wchan", pid))
		if exe != own && strings.Contains(string(wait), "nanosleep") {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return ReadProcess(pid, o)
}

// stop starts a command that is killed when the test ends.
func stop(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

func TestDumpableIsSeen(t *testing.T) {
	pid, _ := jailed(t, newNamespaces(1000))
	p := ReadProcess(pid, Options{IDMaps: true})
	if os.Getuid() == 0 {
		if p.Dumpable.Known || p.Dumpable.Why != errRootLike.Error() {
			t.Errorf("root: %v", p.Dumpable)
		}
		return
	}
	if !known(t, "dumpable", p.Dumpable) {
		t.Error("a dumpable process is not seen as one")
	}
	if p := ReadProcess(pid, Options{}); p.Dumpable.Known {
		t.Error("without the maps it cannot be told")
	}
}

// TestNotDumpable reads a process of an ordinary user's that hides its files.
func TestNotDumpable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("nothing hides from root; the same test runs as an ordinary user")
	}
	// In a new user namespace its maker could still read it.
	pid, _ := jailed(t, nil, "undumpable")
	p := ReadProcess(pid, everything)
	if known(t, "dumpable", p.Dumpable) {
		t.Error("dumpable")
	}
	for what, why := range map[string]string{
		"fds": p.FDs.Why, "user namespace": p.Namespaces[ns.User].Why, "owner": p.Owners[ns.Network].Why,
	} {
		if !strings.Contains(why, "not dumpable or belongs to another user") {
			t.Errorf("%s: %q", what, why)
		}
	}
	known(t, "caps", p.Caps)
	known(t, "uid_map", p.UIDMap)
}

func TestOfAnotherUser(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may read everybody; the same test runs as an ordinary user")
	}
	p := ReadProcess(1, everything)
	if p.FDs.Known || p.Namespaces[ns.Network].Known || !strings.Contains(p.FDs.Why, "EACCES") {
		t.Errorf("fds: %v", p.FDs)
	}
	known(t, "caps", p.Caps)
}

func TestEndedProcess(t *testing.T) {
	cmd := exec.Command("/bin/true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var info unix.Siginfo
	if err := unix.Waitid(unix.P_PID, cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	nothing(t, "zombie", ReadProcess(cmd.Process.Pid, everything), whyEnded)
	cmd.Wait()
	nothing(t, "gone", ReadProcess(cmd.Process.Pid, everything), whyEnded)
	nothing(t, "never was", ReadProcess(1<<30, everything), whyEnded)
}

// nothing fails where anything is known of a process.
func nothing(t *testing.T, name string, p Process, why string) {
	t.Helper()
	if fmt.Sprintf("%+v", p) != fmt.Sprintf("%+v", nothingOf(p.PID, why)) {
		t.Errorf("%s: something is known: %+v", name, p)
	}
}

// TestEndingProcess reads processes that end at that moment: either all is known,
// among it the three descriptors that each has, or nothing.
func TestEndingProcess(t *testing.T) {
	whole, ended := 0, 0
	for i := range 300 {
		cmd := exec.Command("/bin/sleep", "100")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		killed := make(chan bool)
		go func() {
			time.Sleep(time.Duration(i) * time.Microsecond)
			cmd.Process.Signal(syscall.SIGKILL)
			close(killed)
		}()
		p := ReadProcess(cmd.Process.Pid, everything)
		<-killed
		cmd.Wait()
		if !p.Caps.Known {
			ended++
			nothing(t, "ending", p, whyEnded)
			continue
		}
		whole++
		if !p.FDs.Known && strings.HasSuffix(p.FDs.Why, whyClosed) {
			continue // it was just starting
		}
		if len(known(t, "fds", p.FDs)) < 3 {
			t.Errorf("half of it: %+v", p.FDs)
		}
		known(t, "user namespace", p.Namespaces[ns.User])
		known(t, "capget", p.Capget)
		known(t, "links", p.Network.Links)
	}
	t.Logf("%d whole, %d ended", whole, ended)
}

func TestSkipOwner(t *testing.T) {
	pid, _ := jailed(t, newNamespaces(0))
	o := Options{Owners: true}
	o.SkipOwner[ns.Network] = true
	p := ReadProcess(pid, o)
	known(t, "parent", p.Owners[ns.User])
	if p.Owners[ns.Network].Known || p.Owners[ns.Network].Why != whyNotAsked {
		t.Errorf("skipped: %v", p.Owners[ns.Network])
	}
}

// TestOwnerAbove asks who owns the first user namespace: nobody may know.
func TestOwnerAbove(t *testing.T) {
	p := ReadProcess(os.Getpid(), Options{Owners: true})
	if o := p.Owners[ns.User]; o.Known || !strings.HasPrefix(o.Why, "EPERM: it lies outside") {
		t.Errorf("got %v", o)
	}
}

func TestNothingAskedFor(t *testing.T) {
	p := ReadProcess(os.Getpid(), Options{})
	known(t, "caps", p.Caps)
	if threads := known(t, "threads", p.Threads); threads < 2 {
		t.Errorf("a Go program has %d threads", threads)
	}
	for what, why := range map[string]string{
		"fds": p.FDs.Why, "maps": p.UIDMap.Why, "namespace": p.Namespaces[0].Why, "owner": p.Owners[0].Why,
		"network": p.Network.Routes.Why, "capget": p.Capget.Why,
	} {
		if why != whyNotAsked {
			t.Errorf("%s: %q", what, why)
		}
	}
}

// TestAsOrdinaryUser runs the tests above once more without root's powers.
func TestAsOrdinaryUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("the other tests already do that")
	}
	cmd := exec.Command("/proc/self/exe", "-test.run", "Jail|Descriptors|Dumpable|OfAnother|Ended|Ending|Self")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65533, Gid: 65533}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

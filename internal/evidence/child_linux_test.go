package evidence

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// childWord makes this test binary a child that prints, as one line of JSON,
// what FromReadings makes of its own readings, and then waits for the end of its
// standard input.
const childWord = "evidence-test-child"

func TestMain(m *testing.M) {
	if len(os.Args) >= 2 && os.Args[1] == childWord {
		os.Exit(childMain(os.Args[2:]))
	}
	os.Exit(m.Run())
}

func childMain(words []string) int {
	for _, word := range words {
		var err error
		switch word {
		case "lo-up":
			err = loopbackUp()
		case "undumpable":
			err = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
		case "own-root":
			err = ownRoot()
		case "no-new-privs":
			err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, word, err)
			return 1
		}
	}
	rs, err := ownReadings()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	text, err := json.Marshal(FromReadings(rs, false))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(string(text))
	io.Copy(io.Discard, os.Stdin)
	return 0
}

// jailed starts the child in new namespaces of this test's own making.
func jailed(t testing.TB, attr *syscall.SysProcAttr, words ...string) (pid int, in Inside) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", append([]string{childWord}, words...)...)
	cmd.SysProcAttr = attr
	var errs bytes.Buffer
	cmd.Stderr = &errs
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		require(t, "userns", err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("child: %v: %s", err, &errs)
		}
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("child: %v: %s", err, &errs)
	}
	if err := json.Unmarshal(line, &in); err != nil {
		t.Fatal(err)
	}
	return cmd.Process.Pid, in
}

// require skips what this host cannot do, unless NETJAIL_REQUIRE names the word.
func require(t testing.TB, word string, err error) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("NETJAIL_REQUIRE"), ","), word) {
		t.Fatalf("%s is required: %v", word, err)
	}
	t.Skipf("no %s here: %v", word, err)
}

// newNamespaces is `unshare -Urn` and more: the caller mapped to id, the given
// kinds beside the user namespace.
func newNamespaces(id int, kinds ...ns.Kind) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{
		Cloneflags:  ns.User.CloneFlag(),
		UidMappings: []syscall.SysProcIDMap{{ContainerID: id, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: id, HostID: os.Getgid(), Size: 1}},
	}
	for _, k := range kinds {
		attr.Cloneflags |= k.CloneFlag()
	}
	return attr
}

// loopbackUp sets lo up by the old ioctl, which golang.org/x/sys wraps.
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}

// ownReadings makes the calls of a plan in this process. The calls that no
// package wraps byte by byte are made by their wrapper and written out again.
func ownReadings() ([]plan.Reading, error) {
	var rs []plan.Reading
	sets, err := caps.OfThread()
	if err != nil {
		return nil, err
	}
	low := func(s caps.Set) uint32 { return uint32(s) }
	high := func(s caps.Set) uint32 { return uint32(s >> 32) }
	rs = append(rs, filled(plan.FactCapget, 0, 24, u32(
		low(sets.Effective), low(sets.Permitted), low(sets.Inheritable),
		high(sets.Effective), high(sets.Permitted), high(sets.Inheritable))))
	rs = append(rs,
		forEach(plan.FactBounding, 44, func(n int) int64 {
			return byPrctl(plan.FactBounding, unix.PR_CAPBSET_READ, uintptr(n), 0).Result
		}),
		forEach(plan.FactAmbient, 44, func(n int) int64 {
			return byPrctl(plan.FactAmbient, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, uintptr(n)).Result
		}))
	rs = append(rs,
		byPrctl(plan.FactSecurebits, unix.PR_GET_SECUREBITS, 0, 0),
		byPrctl(plan.FactNoNewPrivs, unix.PR_GET_NO_NEW_PRIVS, 0, 0),
		byPrctl(plan.FactSeccomp, unix.PR_GET_SECCOMP, 0, 0))
	r, e, s := unix.Getresuid()
	rs = append(rs, filled(plan.FactUIDs, 0, 12, u32(uint32(r), uint32(e), uint32(s))))
	r, e, s = unix.Getresgid()
	rs = append(rs, filled(plan.FactGIDs, 0, 12, u32(uint32(r), uint32(e), uint32(s))))
	groups, err := unix.Getgroups()
	if err != nil {
		return nil, err
	}
	var ids []uint32
	for _, g := range groups {
		ids = append(ids, uint32(g))
	}
	rs = append(rs, filled(plan.FactGroups, int64(len(ids)), 4096, u32(ids...)))
	rs = append(rs, byRead(plan.FactUIDMap, "uid_map"), byRead(plan.FactGIDMap, "gid_map"), byRead(plan.FactSetgroups, "setgroups"))
	cwd := bytes.Repeat([]byte{plan.Poison}, 4096)
	n, err := unix.Getcwd(cwd)
	rs = append(rs, plan.Reading{Fact: plan.FactCwd, Done: true, Result: result(n, err), Data: cwd})
	for _, k := range ns.All() {
		data := bytes.Repeat([]byte{plan.Poison}, 64)
		n, err := unix.Readlink("/proc/self/ns/"+k.Link(), data)
		rs = append(rs, plan.Reading{Fact: plan.FactNamespace(k), Done: true, Result: result(n, err), Data: data})
	}
	for f, kind := range map[plan.Fact]uint16{plan.FactLinks: unix.RTM_GETLINK, plan.FactAddresses: unix.RTM_GETADDR, plan.FactRoutes: unix.RTM_GETROUTE} {
		parts, err := byNetlink(f, kind)
		if err != nil {
			return nil, err
		}
		rs = append(rs, parts...)
	}
	return rs, nil
}

// result is what a system call returned, as the plan's loop keeps it.
func result(n int, err error) int64 {
	if errno, ok := err.(syscall.Errno); ok {
		return -int64(errno)
	}
	return int64(n)
}

func byPrctl(f plan.Fact, option int, arg2, arg3 uintptr) plan.Reading {
	n, err := unix.PrctlRetInt(option, arg2, arg3, 0, 0)
	return answered(f, result(n, err))
}

func byRead(f plan.Fact, name string) plan.Reading {
	data := bytes.Repeat([]byte{plan.Poison}, 4096)
	fd, err := unix.Open("/proc/self/"+name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return answered(f, result(0, err))
	}
	defer unix.Close(fd)
	n, err := unix.Read(fd, data)
	return plan.Reading{Fact: f, Done: true, Result: result(n, err), Data: data}
}

// byNetlink asks for a dump and receives three times, as a plan does.
func byNetlink(f plan.Fact, kind uint16) ([]plan.Reading, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	ask := nlmsg(kind, unix.NLM_F_REQUEST|unix.NLM_F_DUMP, make([]byte, linkBody))
	if err := unix.Sendto(fd, ask, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	var parts []plan.Reading
	for range 3 {
		data := bytes.Repeat([]byte{plan.Poison}, 16<<10)
		n, _, err := unix.Recvfrom(fd, data, unix.MSG_DONTWAIT)
		parts = append(parts, plan.Reading{Fact: f, Done: true, Result: result(n, err), Data: data})
	}
	return parts, nil
}

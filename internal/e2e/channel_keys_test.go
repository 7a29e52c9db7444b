package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/netjail/netjail/internal/jailtest"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/profiles"
)

// change is offline-strict with something else in the place of some lines.
type change struct {
	name  string   // the keys and their values, for the table
	lines []string // old, new, old, new …
	opens []string // the channels that it opens, for root and for an ordinary user
	user  []string // further ones that it opens for an ordinary user alone
	root  []string // and for root alone
}

// The channels that more than one change opens.
var (
	bySockets     = []string{"net.loopback-services", "net.loopback-services-6", "net.udp", "net.interfaces"}
	byStrangeness = []string{"net.vsock", "sockets.families", "sockets.netlink"}
	byHostsFiles  = []string{"tty.reading-name", "fs.read", "fs.read-tmp", "fs.fifo", "fs.fifo-project", "fs.sysfs", "fs.remote", "ipc.posix-shm"}
	byHostsFiling = []string{"fs.write", "fs.write-tmp", "fs.writable", "fs.host-executes", "fs.devices", "tty.path", "tty.relayed-path"}
	bySocketPaths = []string{"unix.allowed", "unix.stream", "unix.datagram", "unix.seqpacket", "unix.alias", "unix.pair", "unix.project", "unix.passed"}
	byTerminal    = []string{"tty.reading", "tty.reading-name", "tty.background", "tty.relayed", "tty.relayed-name"}
	byDescriptors = []string{"fd.tcp", "fd.listener", "fd.udp", "fd.netlink", "fd.directory", "fd.io-uring", "fd.shared-memory", "fd.pipe", "fd.eventfd"}
)

// Lines of offline-strict, as `netjail show` prints it, and what others put in their place.
const (
	lineNetwork    = "network: new"
	lineLoopback   = "loopback: down"
	lineFamilies   = "families: none"
	lineUnix       = "unix: deny"
	lineNested     = "nestedUserNamespaces: deny"
	lineTerminal   = "terminal: isolated"
	lineRoot       = "root: system"
	lineWritable   = "writable: none"
	linePrivate    = "private: [/run, /tmp, /var/tmp]"
	lineFilesystem = "filesystem:\n  " + lineRoot + "\n  home: hidden\n  " + lineWritable + "\n  protected: standard\n  hidden: standard\n  " + linePrivate + "\n  mounts: none\n"
	lineStdio      = "stdioSockets: refuse"
)

// changes are the keys, one at a time, and then what takes two: where a channel
// is held twice, one key opens nothing. socket is one that a profile can name.
func changes(socket string) []change {
	var held []string
	for _, c := range channels() {
		if c.fd {
			held = append(held, fmt.Sprint(firstHeld+len(held)))
		}
	}
	inherit := "inheritFds: [0, 1, 2, " + strings.Join(held, ", ") + "]"
	return []change{
		{name: "`namespaces.network: host`", lines: []string{lineNetwork, "network: host", lineLoopback, ""}, opens: []string{"net.proc"}},
		{name: "`namespaces.pid: host`", lines: []string{"pid: new", "pid: host"}, opens: []string{"proc.view", "net.proc"}, user: []string{"proc.signal", "proc.priority", "proc.group"}},
		{name: "`namespaces.ipc: host`", lines: []string{"ipc: new", "ipc: host"}, opens: []string{"ipc.sysv", "ipc.semaphore", "ipc.queue", "ipc.mqueue"}},
		{name: "`namespaces.uts: host`", lines: []string{"uts: new", "uts: host", "hostname: localhost", "hostname: host"}},
		{name: "`namespaces.cgroup: host`", lines: []string{"cgroup: new", "cgroup: host"}},
		{name: "`loopback: up`", lines: []string{lineLoopback, "loopback: up"}},
		{name: "`capabilities: [CAP_NET_RAW]`", lines: []string{"capabilities: none", "capabilities: [CAP_NET_RAW]"}, opens: []string{"caps.effective"}},
		{name: "`nestedUserNamespaces: allow`", lines: []string{lineNested, "nestedUserNamespaces: allow"}, opens: []string{"ns.nested"}},
		{name: "`sockets.families: [inet, inet6, netlink]`", lines: []string{lineFamilies, "families: [inet, inet6, netlink]"}},
		{name: "`sockets.families: host`", lines: []string{lineFamilies, "families: host"}, opens: byStrangeness},
		{name: "`sockets.unix: isolated`", lines: []string{lineUnix, "unix: isolated"}},
		{name: "`sockets.unix: {allow: …}`", lines: []string{lineUnix, "unix: {allow: [" + socket + "]}"}, opens: []string{"unix.allowed"}},
		{name: "`sockets.unix: host`", lines: []string{lineUnix, "unix: host"}},
		{name: "`filesystem.root: readonly`", lines: []string{lineRoot, "root: readonly"}, root: []string{"fs.read"}},
		{name: "`filesystem: host`", lines: []string{lineFilesystem, "filesystem: host\n"}, opens: byHostsFiles, user: byHostsFiling},
		{name: "`filesystem.home: readonly`", lines: []string{"home: hidden", "home: readonly"}, user: []string{"fs.read"}},
		{name: "`filesystem.home: ephemeral`", lines: []string{"home: hidden", "home: ephemeral"}, user: []string{"fs.read"}},
		{name: "`filesystem.home: host`", lines: []string{"home: hidden", "home: host"}, user: []string{"fs.read", "fs.write", "fs.writable", "fs.fifo", "fs.fifo-project", "fs.host-executes"}},
		{name: "`filesystem.writable: [project]`", lines: []string{lineWritable, "writable: [project]"}, opens: []string{"fs.writable", "fs.fifo-project"}},
		{name: "`filesystem.protected: none`", lines: []string{"protected: standard", "protected: none"}},
		{name: "`filesystem.hidden: none`", lines: []string{"hidden: standard", "hidden: none"}},
		{name: "`filesystem.private: none`", lines: []string{linePrivate, "private: none"}},
		{name: "`process.environment.pass: [\"*\"]`", lines: []string{"pass: none", `pass: ["*"]`}, opens: []string{"proc.environment"}},
		{name: "`process.environment.pass`, the secret by name", lines: []string{"pass: none", "pass: [" + secretVariable + "]"}, opens: []string{"proc.secret"}},
		{name: "`process.inheritFds`, all of them", lines: []string{"inheritFds: [0, 1, 2]", inherit}, opens: append([]string{"fd.packet", "fd.tun"}, byDescriptors...)},
		{name: "`process.stdioSockets: relay`", lines: []string{lineStdio, "stdioSockets: relay"}},
		{name: "`process.stdioSockets: pass`", lines: []string{lineStdio, "stdioSockets: pass"}, opens: []string{"stdio.unix", "stdio.inet"}},
		{name: "`process.terminal: host`", lines: []string{lineTerminal, "terminal: host"}, opens: byTerminal},
		{
			name: "`namespaces.network: host`, `sockets.families: [inet, inet6, netlink]`", lines: []string{lineNetwork, "network: host", lineLoopback, "", lineFamilies, "families: [inet, inet6, netlink]"},
			opens: append([]string{"net.proc"}, bySockets...),
		},
		{
			name: "`namespaces.network: host`, `sockets.unix: host`", lines: []string{lineNetwork, "network: host", lineLoopback, "", lineUnix, "unix: host"},
			opens: []string{"net.proc", "unix.abstract"},
		},
		{
			name: "`filesystem: host`, `sockets.unix: host`", lines: []string{lineFilesystem, "filesystem: host\n", lineUnix, "unix: host"},
			opens: slices.Concat(byHostsFiles, bySocketPaths, []string{"unix.services"}), user: append([]string{"unix.reverse"}, byHostsFiling...),
		},
		{
			name: "`filesystem.writable: [project]`, `filesystem.protected: none`", lines: []string{lineWritable, "writable: [project]", "protected: standard", "protected: none"},
			opens: []string{"fs.writable", "fs.fifo-project", "fs.host-executes"},
		},
		{
			name: "`filesystem.writable: [project]`, `sockets.unix: isolated`", lines: []string{lineWritable, "writable: [project]", lineUnix, "unix: isolated"},
			opens: []string{"fs.writable", "fs.fifo-project", "unix.project", "unix.reverse"},
		},
		{
			name: "`filesystem.root: readonly`, `filesystem.private: none`", lines: []string{lineRoot, "root: readonly", linePrivate, "private: none"}, opens: []string{"fs.read-tmp"}, root: []string{"fs.read"},
		},
	}
}

// origin is where a value comes from, behind it.
var origin = regexp.MustCompile(`(?m) # \S+$`)

// profile is offline-strict with the change, which starts whatever the audit says.
func (c *change) profile(t *testing.T) string {
	t.Helper()
	r, _ := profiles.Lookup("offline-strict")
	text := origin.ReplaceAllString(string(policy.Print(r)), "")
	for pair := range slices.Chunk(append([]string{"mode: enforce", "mode: report"}, c.lines...), 2) {
		if strings.Count(text, pair[0]) != 1 {
			t.Fatalf("%s: offline-strict has %q %d times", c.name, pair[0], strings.Count(text, pair[0]))
		}
		text = strings.Replace(text, pair[0], pair[1], 1)
	}
	return jailtest.File(t, jailtest.PublicDir(t), "changed.yaml", text, false)
}

// expected are the channels that a change opens for an account.
func (c *change) expected(root bool) []string {
	list := slices.Clone(c.opens)
	if root {
		list = append(list, c.root...)
	} else {
		list = append(list, c.user...)
	}
	slices.Sort(list)
	return list
}

// TestKeysReopen changes one key of offline-strict at a time, and wants it to
// open exactly the channels that are written down for it.
func TestKeysReopen(t *testing.T) {
	jailtest.Require(t, "userns", "netns", "pidns", "pty")
	program, err := netjail()
	if err != nil {
		t.Fatal(err)
	}
	eachAccount(t, func(t *testing.T, u account) {
		list := []journey{{Name: "offline-strict", Argv: []string{program, "run", reporting(t, "offline-strict"), "--"}}}
		for _, c := range changes(u.allowed()) {
			list = append(list, journey{Name: c.name, Argv: []string{program, "run", c.profile(t), "--"}, Open: c.expected(u.UID == 0)})
		}
		all := tried(t, u, list)
		for _, c := range changes(u.allowed()) {
			c.compare(t, u, all["offline-strict"], all[c.name])
		}
	})
	comparePart(t, "keys", keysText())
}

// compare holds what got out with the change against what is written down. What
// cannot be tried here is left out of both.
func (c *change) compare(t *testing.T, u account, before, after map[string]result) {
	t.Helper()
	var got, want []string
	for _, ch := range channels() {
		b, a := before[ch.id], after[ch.id]
		if a.NoStart != "" && !strings.Contains(a.NoStart, "process.stdioSockets") {
			t.Errorf("as %s, %s does not start: %s", u.Name, c.name, a.NoStart)
			return
		}
		if b.Crossed && !a.Crossed {
			t.Errorf("as %s, %s closes %s: %s", u.Name, c.name, ch.id, a.Said)
		}
		if a.Crossed && !b.Crossed {
			got = append(got, ch.id)
		}
		if a.Lacks == "" && slices.Contains(c.expected(u.UID == 0), ch.id) {
			want = append(want, ch.id)
		}
	}
	for _, id := range got {
		if !slices.Contains(want, id) {
			t.Errorf("as %s, %s opens %s as well", u.Name, c.name, id)
		}
	}
	for _, id := range want {
		if !slices.Contains(got, id) {
			t.Errorf("as %s, %s does not open %s: %s", u.Name, c.name, id, after[id].Said)
		}
	}
}

// keysText is the part of the page with the keys.
func keysText() string {
	var b strings.Builder
	b.WriteString("\n| changed in `offline-strict` | opens | for an ordinary user as well | for root as well |\n| --- | --- | --- | --- |\n")
	for _, c := range changes("") {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.name, ids(c.opens), ids(c.user), ids(c.root))
	}
	b.WriteString("\n")
	return b.String()
}

func ids(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return "`" + strings.Join(list, "`, `") + "`"
}

// TestChangesNameChannels keeps the table from naming what there is not.
func TestChangesNameChannels(t *testing.T) {
	for _, c := range changes("") {
		for _, id := range append(c.expected(false), c.expected(true)...) {
			if channelNamed(id) == nil {
				t.Errorf("%s names %s, which is no channel", c.name, id)
			}
		}
	}
}

package jailtest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Box is a container as engines make it by default: namespaces of its own but for
// users, a root of its own, the capabilities of Docker's list.
type Box struct {
	Filter bool // Docker's default seccomp rules
	Masks  bool // the paths of /proc that are masked or read-only by default
	Ptrace bool // CAP_SYS_PTRACE as well
	UID    int  // who the command is in there
	// Shared are directories and files that have the same name in there.
	Shared []string
}

// boxCaps are what root of a container has: Docker's default list.
const boxCaps = "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"

// Command is a command line in the container, run by crun. It takes root.
//
// crun 1.8 knows one hierarchy of control groups and no mixture: where the host has
// one, crun sees another in a mount namespace of its own. It makes none.
func (b Box) Command(t testing.TB, argv ...string) *exec.Cmd {
	t.Helper()
	dir := PublicDir(t)
	if err := b.lay(dir, argv); err != nil {
		t.Fatal(err)
	}
	id := "netjail-" + filepath.Base(dir)
	t.Cleanup(func() { exec.Command("crun", "--root", dir+"/state", "delete", "--force", id).Run() })
	const script = `mount -t cgroup2 none /sys/fs/cgroup && exec crun "$@"`
	c := exec.Command("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh",
		"--root", dir+"/state", "--cgroup-manager=disabled", "run", "--bundle", dir, id)
	c.Dir = "/"
	return c
}

// lay makes the root of the container and its configuration.
func (b Box) lay(dir string, argv []string) error {
	root := filepath.Join(dir, "rootfs")
	for _, name := range strings.Fields("usr etc dev proc sys tmp run root var home") {
		if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
			return err
		}
	}
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := os.Symlink("usr/"+name, filepath.Join(root, name)); err != nil {
			return err
		}
	}
	text, err := json.Marshal(b.config(argv))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.json"), text, 0o600)
}

type object = map[string]any

// config is the container's configuration.
//
// Source: the OCI runtime specification, config.md and config-linux.md.
func (b Box) config(argv []string) object {
	caps := strings.Fields("CAP_" + strings.ReplaceAll(boxCaps, " ", " CAP_"))
	if b.Ptrace {
		caps = append(caps, "CAP_SYS_PTRACE")
	}
	sets := object{"bounding": caps}
	if b.UID == 0 {
		sets["effective"], sets["permitted"] = caps, caps
	}
	var spaces []object
	for _, kind := range []string{"pid", "network", "ipc", "uts", "mount"} {
		spaces = append(spaces, object{"type": kind})
	}
	linux := object{"namespaces": spaces}
	if b.Masks {
		linux["maskedPaths"] = strings.Fields("/proc/asound /proc/acpi /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug /proc/scsi /sys/firmware")
		linux["readonlyPaths"] = strings.Fields("/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger")
	}
	if b.Filter {
		linux["seccomp"] = dockerRules()
	}
	return object{
		"ociVersion": "1.0.0", "root": object{"path": "rootfs"}, "mounts": b.mounts(), "linux": linux,
		"process": object{
			"user": object{"uid": b.UID, "gid": b.UID}, "args": argv, "cwd": "/tmp", "capabilities": sets,
			"env": []string{"PATH=" + Path, "HOME=/root", "TERM=dumb", "LC_ALL=C"},
		},
	}
}

func (b Box) mounts() []object {
	mounts := []object{
		{"destination": "/proc", "type": "proc", "source": "proc"},
		{"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": strings.Fields("nosuid strictatime mode=755")},
		{"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": strings.Fields("nosuid noexec newinstance ptmxmode=0666 mode=0620")},
		{"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": strings.Fields("nosuid noexec nodev mode=1777")},
		{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": []string{"mode=1777"}},
	}
	for _, dir := range append([]string{"/usr", "/etc"}, b.Shared...) {
		mounts = append(mounts, object{"destination": dir, "type": "bind", "source": dir, "options": []string{"rbind"}})
	}
	return mounts
}

// dockerRules are Docker's rules for a container without CAP_SYS_ADMIN.
func dockerRules() object {
	const allow, allNamespaces = "SCMP_ACT_ALLOW", newNamespaces | unix.CLONE_NEWTIME&^unix.CSIGNAL
	when := func(name string, op string, value, mask uint64) object {
		arg := object{"index": 0, "value": value, "op": op}
		if op == "SCMP_CMP_MASKED_EQ" {
			arg["value"], arg["valueTwo"] = mask, value
		}
		return object{"names": []string{name}, "action": allow, "args": []object{arg}}
	}
	rules := []object{
		{"names": strings.Fields(dockerCalls), "action": allow},
		when("socket", "SCMP_CMP_NE", unix.AF_VSOCK, 0),
		when("clone", "SCMP_CMP_MASKED_EQ", 0, allNamespaces),
		{"names": []string{"clone3"}, "action": "SCMP_ACT_ERRNO", "errnoRet": int(unix.ENOSYS)},
	}
	for _, persona := range []uint64{0, 8, 0x20000, 0x20008, 0xffffffff} {
		rules = append(rules, when("personality", "SCMP_CMP_EQ", persona, 0))
	}
	return object{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": int(unix.EPERM), "syscalls": rules}
}

package e2e

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/policy"
)

// writesProject says what lets the command write in the project.
func writesProject(o *opening) string {
	if o.files() {
		return when(o.owns(), "filesystem.root")
	}
	return when(o.Filesystem.Writable != nil, "filesystem.writable")
}

func fileChannels() []channel {
	hostsTree := func(o *opening) string { return when(o.files(), "filesystem.root") }
	hostsOwn := func(o *opening) string { return when(o.files() && o.owns(), "filesystem.root") }
	list := []channel{
		{id: "fs.read", what: "reading a file beside the project, which is not the project's", lay: layBeside, try: readFile, fate: func(o *opening) string {
			switch {
			case o.files():
				return "filesystem.root"
			case !o.root && o.Filesystem.Home != policy.HomeHidden: // the project is below the home
				return "filesystem.home"
			}
			return ""
		}},
		{id: "fs.read-tmp", what: "reading a file in /tmp", lay: layInTmp, try: readFile, fate: hostsTree},
		{id: "fs.write", what: "writing a file beside the project", lay: layToWrite(besideProject), try: writeFile, fate: hostsOwn},
		{id: "fs.write-tmp", what: "writing a file in /tmp", lay: layToWrite(inTmp), try: writeFile, fate: hostsOwn},
		{id: "fs.writable", what: "writing a file in the project", lay: layToWrite(inside), try: writeFile, fate: writesProject},
		{id: "fs.host-executes", what: "the configuration of git in the project, by which the host executes", lay: layGit, try: plantHook, fate: hostsOwn},
		{id: "fs.setid-planting", what: "a set-user-ID or set-group-ID file in the project", lay: laySetid, try: plantSetid, fate: func(o *opening) string {
			return when(writesProject(o) != "" && o.unfiltered(), "filesystem.root")
		}},
		{id: "fs.fifo", what: "a FIFO of the host's", lay: layFIFO(jailPlace), try: writeFile, fate: hostsTree},
		{id: "fs.fifo-project", what: "a FIFO in the project", lay: layFIFO(jailProject), try: writeFile, fate: func(o *opening) string {
			if o.files() {
				return "filesystem.root"
			}
			return writesProject(o)
		}},
		{id: "fs.propagation", what: "a mount that travels to the host", lay: forRoot(layMount), try: mountThere, fate: func(o *opening) string {
			return when(o.host(ns.Mount) && o.itself(), "namespaces.mount")
		}},
		{id: "fs.remote", what: "a lookup on a remote file system (FUSE)", lay: forRoot(layFuse), try: lookUp, fate: hostsTree},
		{id: "fs.sysfs", what: "the host's interfaces, in /sys", lay: layInterfaceNames, try: readSysfs, fate: hostsTree},
		{id: "fs.proc", what: "/proc/sys/kernel/core_pattern and /proc/sysrq-trigger, to write", word: true, lay: forRoot(layNothing), try: openSysctl, fate: func(o *opening) string {
			return when(o.itself(), "namespaces.user")
		}},
		{id: "fs.devices", what: "a device node beside the harmless ones", word: true, lay: layDevices, try: openDevice, fate: hostsOwn},
		{id: "fs.cgroup", what: "cgroup files, to write", word: true, lay: forRoot(layCgroup), try: openCgroup, fate: hostsOwn},
	}
	for i := range list {
		list[i].group, list[i].set = "Files", withPipes
	}
	return list
}

func layBeside(c *caller) (*canary, error) { return c.secretIn(filepath.Dir(c.Dir)) }

func layInTmp(c *caller) (*canary, error) { return c.secretIn("/tmp") }

func (c *caller) secretIn(dir string) (*canary, error) {
	dir, secret, err := c.secretFile(dir)
	return &canary{args: []string{filepath.Join(dir, "secret")}, crossed: func(answer string) bool { return answer == secret }}, err
}

func readFile(args []string) (string, error) {
	text, err := os.ReadFile(args[0])
	return string(text), err
}

func besideProject(c *caller) string { return filepath.Dir(c.Dir) }
func inTmp(*caller) string           { return "/tmp" }
func inside(c *caller) string        { return c.Dir }

// layToWrite is a file of the caller's that nobody else may write to.
func layToWrite(where func(*caller) string) func(*caller) (*canary, error) {
	return func(c *caller) (*canary, error) {
		path, word := filepath.Join(where(c), nonce()), nonce()
		c.later(func() { os.Remove(path) })
		return &canary{args: []string{path, word}, crossed: contains(path, word)}, os.WriteFile(path, []byte("before\n"), 0o644)
	}
}

func writeFile(args []string) (string, error) {
	fd, err := unix.Open(args[0], unix.O_WRONLY|unix.O_APPEND|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	_, err = unix.Write(fd, []byte(args[1]))
	return "", err
}

// layGit makes the project a repository.
func layGit(c *caller) (*canary, error) {
	dir := filepath.Join(c.Dir, ".git")
	for _, name := range []string{"hooks", "objects", "refs"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			return nil, err
		}
	}
	for name, text := range map[string]string{"HEAD": "ref: refs/heads/main\n", "config": "[core]\n\trepositoryformatversion = 0\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	c.later(func() { os.RemoveAll(dir); os.RemoveAll(dir + "2") })
	word := nonce()
	config, hook := contains(filepath.Join(dir, "config"), word), contains(filepath.Join(dir, "hooks/pre-commit"), word)
	return &canary{args: []string{c.Dir, word}, crossed: func(string) bool { return config("") || hook("") }}, nil
}

// plantHook tries to change the configuration and the hooks: in place, by another
// file in their place, by another directory in the place of theirs.
func plantHook(args []string) (string, error) {
	dir, line := filepath.Join(args[0], ".git"), "[core]\n\tfsmonitor = "+args[1]+"\n"
	var failed []error
	for _, try := range []func() error{
		func() error { return os.WriteFile(filepath.Join(dir, "config"), []byte(line), 0o644) },
		func() error { return os.WriteFile(filepath.Join(dir, "hooks/pre-commit"), []byte(args[1]), 0o755) },
		func() error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "config.lock"), []byte(line), 0o644), os.Rename(filepath.Join(dir, "config.lock"), filepath.Join(dir, "config")))
		},
		func() error {
			if err := os.Rename(dir, dir+"2"); err != nil {
				return err
			}
			return errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "config"), []byte(line), 0o644))
		},
	} {
		err := try()
		if err == nil {
			return "", nil
		}
		failed = append(failed, err)
	}
	return "", errors.Join(failed...)
}

func laySetid(c *caller) (*canary, error) {
	dir := filepath.Join(c.Dir, nonce())
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	c.later(func() { os.RemoveAll(dir) })
	return &canary{args: []string{dir}, crossed: func(string) bool {
		files, _ := os.ReadDir(dir)
		for _, f := range files {
			var st unix.Stat_t
			if unix.Lstat(filepath.Join(dir, f.Name()), &st) == nil && st.Mode&0o6000 != 0 {
				return true
			}
		}
		return false
	}}, nil
}

// plantSetid tries every call that gives a file its mode.
func plantSetid(args []string) (string, error) {
	const mode = 0o6755
	path := func(name string) string { return filepath.Join(args[0], name) }
	plain := path("plain")
	if err := os.WriteFile(plain, nil, 0o644); err != nil {
		return "", err
	}
	opened := func(fd int, err error) error {
		if err == nil {
			unix.Close(fd)
		}
		return err
	}
	var failed []error
	for _, try := range []func() error{
		func() error { return unix.Chmod(plain, mode) },
		func() error { return unix.Fchmodat(unix.AT_FDCWD, plain, mode, 0) },
		func() error { return unix.Fchmodat(unix.AT_FDCWD, plain, mode, unix.AT_SYMLINK_NOFOLLOW) },
		func() error { return opened(unix.Open(path("open"), unix.O_CREAT|unix.O_WRONLY, mode)) },
		func() error { return opened(unix.Creat(path("creat"), mode)) },
		func() error {
			return opened(unix.Openat2(unix.AT_FDCWD, path("openat2"), &unix.OpenHow{Flags: unix.O_CREAT | unix.O_WRONLY, Mode: mode}))
		},
		func() error { return unix.Mknod(path("mknod"), unix.S_IFREG|mode, 0) },
	} {
		err := try()
		if err == nil {
			return "", nil
		}
		failed = append(failed, err)
	}
	return "", errors.Join(failed...)
}

func layFIFO(project bool) func(*caller) (*canary, error) {
	return func(c *caller) (*canary, error) {
		path, word := c.where(project), nonce()
		if err := errors.Join(unix.Mkfifo(path, 0o666), os.Chmod(path, 0o666)); err != nil {
			return nil, err
		}
		fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		c.later(func() { unix.Close(fd) })
		return &canary{args: []string{path, word}, crossed: func(string) bool {
			answer, err := readAll(fd)
			return err == nil && answer == word
		}}, err
	}
}

func layMount(c *caller) (*canary, error) {
	if !c.Own {
		return &canary{lacks: "the mounts are others' as well"}, nil
	}
	path := filepath.Join(c.Dir, nonce())
	if err := os.Mkdir(path, 0o755); err != nil {
		return nil, err
	}
	c.later(func() { unix.Unmount(path, unix.MNT_DETACH); os.Remove(path) })
	return &canary{args: []string{path}, crossed: contains("/proc/self/mountinfo", path)}, nil
}

func mountThere(args []string) (string, error) {
	return "", unix.Mount("travels", args[0], "tmpfs", 0, "")
}

func layInterfaceNames(*caller) (*canary, error) {
	names, err := readSysfs(nil)
	if err != nil || names == "lo" {
		return &canary{lacks: "there are none but the loopback"}, nil
	}
	return &canary{crossed: func(answer string) bool { return answer == names }}, nil
}

func readSysfs([]string) (string, error) {
	list, err := os.ReadDir("/sys/class/net")
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " "), err
}

// openAny opens one of the files for writing, and writes nothing.
func openAny(paths ...string) (string, error) {
	var failed []error
	for _, path := range paths {
		fd, err := unix.Open(path, unix.O_WRONLY|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
		if err == nil {
			unix.Close(fd)
			return path, nil
		}
		failed = append(failed, err)
	}
	return "", errors.Join(append(failed, errNotOut)...)
}

func openSysctl([]string) (string, error) {
	return openAny("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger")
}

// harmless are the nodes that a tree of the jail's own has.
var harmless = []string{"null", "zero", "full", "random", "urandom", "tty", "ptmx"}

// layDevices wants a node that is open to the caller, and to root alone where the
// caller is root: others' nodes are no privilege of the caller's.
func layDevices(c *caller) (*canary, error) {
	for _, dir := range []string{"/dev", "/dev/net"} {
		list, _ := os.ReadDir(dir)
		for _, e := range list {
			var st unix.Stat_t
			path := filepath.Join(dir, e.Name())
			special := e.Type()&os.ModeDevice == 0 || strings.HasPrefix(e.Name(), "tty") || strings.HasPrefix(e.Name(), "watchdog") || contained(harmless, e.Name())
			if special || unix.Lstat(path, &st) != nil || c.isRoot() && st.Mode&0o066 != 0 {
				continue
			}
			if _, err := openAny(path); err == nil {
				return &canary{args: []string{path}}, nil
			}
		}
	}
	return &canary{lacks: "there is no node that this user may open"}, nil
}

func openDevice(args []string) (string, error) { return openAny(args[0]) }

func contained(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func layCgroup(*caller) (*canary, error) {
	if _, err := openCgroup(nil); err != nil {
		return &canary{lacks: "no cgroup file can be written here"}, nil
	}
	return &canary{}, nil
}

func openCgroup([]string) (string, error) {
	paths := []string{"/sys/fs/cgroup/cgroup.procs"}
	more, _ := filepath.Glob("/sys/fs/cgroup/*/cgroup.procs")
	return openAny(append(paths, more...)...)
}

package host

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/netjail/netjail/internal/sys"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/tree"
	"github.com/netjail/netjail/internal/xdg"
)

// layTree decides what the command sees as its files, and reads what that takes.
// command is the file that is executed, as seen from the working directory;
// empty where none is named.
func layTree(h *plan.Host, p *policy.Policy, command string) error {
	f, err := treeFacts(p, h.UID, command)
	if err != nil {
		return err
	}
	f.NoTerminal = p.Process.Terminal == policy.TerminalIsolated && !plan.RelaysTerminal(p, h)
	h.Tree, err = tree.Lay(p, f, files{})
	if errors.As(err, &h.TreeRefused) {
		return nil // Build says it, with what else stands against the profile
	}
	return err
}

// treeFacts reads what tree.Lay needs for p, and nothing else.
func treeFacts(p *policy.Policy, uid uint32, command string) (*tree.Facts, error) {
	needs := tree.Asks(p)
	f := &tree.Facts{Workdir: workdir(), Command: command, UID: uid, Idmap: uid == 0 && p.New(ns.User)}
	f.Shut = shut(f.Workdir, foreign(p, uid))
	if command != "" && command[0] != '/' {
		f.Command = below(f.Workdir, command)
	}
	if needs.Home {
		f.Home, f.HomeWhy = readHome(uid)
	}
	if !needs.Anything {
		return f, nil
	}
	if len(p.Filesystem.Writable)+len(p.Filesystem.Mounts) > 0 {
		f.Own = own(f.Home, uid)
	}
	text, err := readAll("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("read the mount table: %w", err)
	}
	if f.Mounts, err = parseMountInfo(text); err != nil {
		return nil, fmt.Errorf("read the mount table: /proc/self/mountinfo: %w", err)
	}
	return f, nil
}

// own are netjail's directories of the caller. home is read where nothing else has
// asked for it.
func own(home string, uid uint32) []string {
	if home == "" {
		home, _ = readHome(uid)
	}
	dirs := xdg.Of(home, os.Getenv("XDG_CONFIG_HOME"), os.Getenv("XDG_DATA_HOME"))
	var list []string
	for _, dir := range [...]string{dirs.Config, dirs.Data} {
		if dir != "" {
			list = append(list, dir)
		}
	}
	return list
}

// below is a relative path as it is named from the root; empty where dir is not
// known. It may hold `..` still: only who follows its links knows where that
// leads.
func below(dir, name string) string {
	if dir == "" {
		return ""
	}
	return dir + "/" + name
}

// workdir is the working directory, empty where it has no path: it was removed,
// or it lies outside of the root directory.
func workdir() string {
	buf := make([]byte, unix.PathMax)
	n, err := unix.Getcwd(buf)
	if err != nil || n < 2 || buf[0] != '/' { // n counts the zero at the end
		return ""
	}
	return string(buf[:n-1])
}

// foreign says whether the command's ids own nothing on this host.
func foreign(p *policy.Policy, uid uint32) bool {
	return p.New(ns.User) && (uid == 0 || p.UIDMappings.Kind == policy.MappingSubordinate)
}

// shut are the directories from the root to dir that may not be entered: by the
// caller or, where strangers is set, by whoever owns nothing here.
func shut(dir string, strangers bool) []string {
	if dir == "" || !strangers && unix.Access(dir, unix.X_OK) == nil {
		return nil
	}
	var found []string
	for end := 1; end <= len(dir); end++ {
		if at := dir[:end]; (end == len(dir) || dir[end] == '/') && !entered(at, strangers) {
			found = append(found, at)
		}
	}
	return found
}

func entered(dir string, stranger bool) bool {
	if !stranger {
		return unix.Access(dir, unix.X_OK) == nil
	}
	var st unix.Stat_t
	return unix.Stat(dir, &st) == nil && st.Mode&unix.S_IXOTH != 0
}

// readAll reads a file of the kernel's, which tells no size.
func readAll(name string) (string, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	text := make([]byte, 0, 8192)
	for {
		n, err := unix.Read(fd, text[len(text):cap(text)])
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return "", err
		case n == 0:
			return string(text), nil
		default:
			text = slices.Grow(text[:len(text)+n], 4096)
		}
	}
}

// files answers tree.Lay with this machine's files.
type files struct{}

// Lstat implements tree.Host. It makes nothing be mounted.
func (files) Lstat(path string) (tree.Node, bool) {
	var st unix.Stat_t
	if err := unix.Fstatat(unix.AT_FDCWD, path, &st, unix.AT_SYMLINK_NOFOLLOW|unix.AT_NO_AUTOMOUNT); err != nil {
		return tree.Node{}, false
	}
	return tree.Node{
		Device: uint64(st.Dev), Inode: st.Ino, Type: st.Mode & unix.S_IFMT, Owner: tree.Owner{UID: st.Uid, GID: st.Gid}, Perm: st.Mode & 0o777,
	}, true
}

// Readlink implements tree.Host.
func (files) Readlink(path string) (string, error) {
	buf := make([]byte, unix.PathMax)
	n, err := unix.Readlink(path, buf)
	if err != nil {
		return "", err
	}
	if n == len(buf) {
		return "", unix.ENAMETOOLONG
	}
	return string(buf[:n]), nil
}

// ReadText reads a short regular file, without following a link.
func (files) ReadText(path string) (string, bool) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", false
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		return "", false
	}
	buf := make([]byte, 4096)
	n, err := unix.Read(fd, buf)
	return string(buf[:max(n, 0)]), err == nil
}

// ReadDir implements tree.Host.
func (files) ReadDir(path string) ([]string, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return sys.Names(fd)
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// mountsOfOffline is what the profile offline shows, for bubblewrap: the same
// directories, the home read-only in place of the copy-on-write view that this
// bubblewrap lacks, the project, and over parts of /proc and of the home the masks
// that netjail's own mount table shows.
func mountsOfOffline(netjail, project string) ([]string, error) {
	masks, err := masksOfOffline(netjail, project)
	if err != nil {
		return nil, err
	}
	args := []string{"--die-with-parent"}
	for _, dir := range []string{"/usr", "/etc", "/opt"} {
		args = append(args, "--ro-bind-try", dir, dir)
	}
	for _, name := range []string{"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"} {
		if to, err := os.Readlink(name); err == nil {
			args = append(args, "--symlink", to, name)
		} else {
			args = append(args, "--ro-bind-try", name, name)
		}
	}
	args = append(args, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm")
	for _, dir := range []string{"/tmp", "/run", "/var/tmp"} {
		args = append(args, "--tmpfs", dir)
	}
	if home, err := os.UserHomeDir(); err == nil && filepath.Dir(home) != "/" {
		args = append(args, "--ro-bind", home, home)
	}
	args = append(args, masks...)
	return append(args, "--bind", project, project, "--remount-ro", "/", "--chdir", project), nil
}

// masksOfOffline are the mounts below the fresh /proc and the home that offline
// makes and the options above do not: what reads as empty, and what is read-only.
// bubblewrap's --proc sees to the same four directories by itself.
func masksOfOffline(netjail, project string) ([]string, error) {
	cmd := exec.Command(netjail, "run", "offline", "cat", "/proc/self/mountinfo")
	cmd.Dir = project
	table, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("read the mounts of offline: %w", err)
	}
	own := map[string]bool{"/proc/sys": true, "/proc/sysrq-trigger": true, "/proc/irq": true, "/proc/bus": true}
	home, _ := os.UserHomeDir()
	var args []string
	for line := range strings.Lines(string(table)) {
		before, after, _ := strings.Cut(line, " - ")
		at, kind := strings.Fields(before)[4], strings.Fields(after)[0]
		below := strings.HasPrefix(at, "/proc/") || home != "" && strings.HasPrefix(at, home+"/")
		switch {
		case !below || own[at] || at == project:
		case kind == "tmpfs" && isDir(at):
			args = append(args, "--tmpfs", at, "--remount-ro", at)
		case kind == "proc":
			args = append(args, "--ro-bind", at, at)
		default:
			args = append(args, "--ro-bind", os.DevNull, at)
		}
	}
	return args, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

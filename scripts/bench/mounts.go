package main

import (
	"os"
	"path/filepath"
)

// mountsOfOffline is what the profile offline shows, for bubblewrap: the same
// directories, the home read-only in place of the copy-on-write view that this
// bubblewrap lacks, and the project.
func mountsOfOffline(project string) []string {
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
	return append(args, "--bind", project, project, "--remount-ro", "/", "--chdir", project)
}

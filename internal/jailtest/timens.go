package jailtest

import (
	"os/exec"
	"strings"
)

// tryTime says why execve(2) does not enter a time namespace that was unshared:
// before Linux 6.3 it did not.
func tryTime() string {
	before, err := exec.Command("readlink", "/proc/self/ns/time").Output()
	if err != nil {
		return "no /proc/self/ns/time: " + err.Error()
	}
	after, err := exec.Command("unshare", "--user", "--time", "readlink", "/proc/self/ns/time").Output()
	if err != nil {
		return "unshare: " + err.Error()
	}
	if strings.TrimSpace(string(before)) == strings.TrimSpace(string(after)) {
		return "execve(2) does not enter a new one"
	}
	return ""
}

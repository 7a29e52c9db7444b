package jailtest

import (
	"os"
	"os/user"
	"strings"
)

// trySubordinate says why whoever runs the test has no subordinate ids here.
func trySubordinate() string {
	u, err := user.Current()
	if err != nil {
		return err.Error()
	}
	for _, file := range []string{"/etc/subuid", "/etc/subgid"} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err.Error()
		}
		if !strings.Contains("\n"+string(text), "\n"+u.Username+":") {
			return file + " has no line for " + u.Username
		}
	}
	return ""
}

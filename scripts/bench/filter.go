package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pair are two profiles that differ in what the filter and the relays are for.
type pair struct{ with, without string }

// opened are the lines of offline that ask for the filter and the relays, each
// with what asks for neither.
var opened = [][2]string{
	{"nestedUserNamespaces: deny", "nestedUserNamespaces: allow"},
	{"families: [inet, inet6, netlink]", "families: host"},
	{"unix: isolated", "unix: host"},
	{"stdioSockets: relay", "stdioSockets: pass"},
	{"terminal: isolated", "terminal: host"},
}

// withoutFilter writes offline as a file, and once more without what the filter
// and the relays are for. The streams are the same for both.
func withoutFilter(netjail, dir string) (pair, error) {
	p := pair{filepath.Join(dir, "offline.yaml"), filepath.Join(dir, "open.yaml")}
	show := exec.Command(netjail, "show", "offline")
	show.Dir = dir
	text, err := show.Output()
	if err != nil {
		return p, fmt.Errorf("%s show offline: %w", netjail, err)
	}
	open := string(text)
	for _, line := range opened {
		if strings.Count(open, line[0]) != 1 {
			return p, fmt.Errorf("offline has %q %d times", line[0], strings.Count(open, line[0]))
		}
		open = strings.Replace(open, line[0], line[1], 1)
	}
	if err := os.WriteFile(p.with, text, 0o644); err != nil {
		return p, err
	}
	return p, os.WriteFile(p.without, []byte(open), 0o644)
}

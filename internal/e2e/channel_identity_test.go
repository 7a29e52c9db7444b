package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// idRange is a line of /etc/subuid: the ids that are a user's to use.
type idRange struct{ first, size int }

func (r idRange) has(id int) bool { return id >= r.first && id-r.first < r.size }

// subordinateRanges are those of everybody but root.
func subordinateRanges() (list []idRange) {
	text, _ := os.ReadFile("/etc/subuid")
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSpace(line), ":")
		if len(fields) != 3 || fields[0] == "root" || fields[0] == "0" {
			continue
		}
		if r := (idRange{number(fields[1]), number(fields[2])}); r.first > 0 && r.size > 0 {
			list = append(list, r)
		}
	}
	return list
}

// layOwner wants a process of root's jail to have an id that is another user's to
// use: who maps that one can signal it. newuidmap(1) would make such a map for that
// user, and the kernel asks for the ids alone.
func layOwner(c *caller) (*canary, error) {
	ranges := subordinateRanges()
	if len(ranges) == 0 {
		return &canary{lacks: "/etc/subuid gives nobody ids"}, nil
	}
	mark := nonce()
	return &canary{args: []string{strconv.Itoa(ranges[0].first), mark}, crossed: func(string) bool {
		pid := c.attemptWith(mark)
		if pid == 0 {
			c.failed = fmt.Errorf("no process of the attempt %s", mark)
			return false
		}
		for _, r := range ranges {
			if r.signals(pid) {
				return true
			}
		}
		return false
	}}, nil
}

// signals says whether whoever may use the range can signal a process: with its
// very id where that is in the range, else with the first.
func (r idRange) signals(pid int) bool {
	inside := 0
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if id, err := strconv.Atoi(firstWord(jailtest.Field(string(text), "Uid"))); err == nil && r.has(id) {
		inside = id - r.first
	}
	maps := []syscall.SysProcIDMap{{HostID: r.first, Size: r.size}}
	k := exec.Command("/bin/sh", "-c", fmt.Sprintf("kill -0 %d", pid))
	k.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWUSER, UidMappings: maps, GidMappings: maps, GidMappingsEnableSetgroups: true,
		Credential: &syscall.Credential{Uid: uint32(inside), Gid: uint32(inside)},
	}
	return k.Run() == nil
}

// takeID takes the id where it can, as a jail does that maps the first ids which
// are not an account's. Else it stays what it is.
func takeID(args []string) (string, error) {
	id := number(args[0])
	return fmt.Sprint(syscall.Setresuid(id, id, id)), nil
}

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/jailtest"
)

// layEntry has somebody enter the jail while the attempt runs, with a file open
// that holds the secret. Where there is no jail to enter, it only comes near.
func layEntry(c *caller) (*canary, error) {
	if why := c.untraceable(); why != "" {
		return &canary{lacks: why}, nil
	}
	mark, secret := nonce(), nonce()
	fd, err := unix.MemfdCreate(mark, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), mark)
	c.later(func() { f.Close() })
	if _, err := f.WriteString(secret); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	return &canary{
		args:   []string{mark},
		before: func() { go func() { ended <- c.visit(mark, f) }() },
		crossed: func(answer string) bool {
			if err := <-ended; err != nil {
				c.failed = fmt.Errorf("enter the jail: %w", err)
			}
			return strings.Contains(answer, secret)
		},
	}, nil
}

// visit enters the namespaces of the attempt that was given a word, once with
// processes that the jail may see and once without, and tells the attempt that it
// is over.
func (c *caller) visit(mark string, f *os.File) error {
	var pid int
	if !within(patience, func() bool { pid = c.attemptWith(mark); return pid > 0 }) {
		return nil // the command was not started: the attempt has no answer either
	}
	defer func() { c.post.to.Write([]byte{'\n'}) }()
	for _, kind := range []string{"new", "host"} {
		cmd, err := c.visitor(pid, kind)
		if err != nil {
			return err
		}
		cmd.ExtraFiles = []*os.File{f}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w: %s", cmd.Args, err, out)
		}
	}
	return nil
}

// visitor is netjail with a profile that joins whatever namespaces the process has
// of its own or, where it shares the user namespace, a process that only lives.
func (c *caller) visitor(pid int, kind string) (*exec.Cmd, error) {
	var joined []string
	for key, name := range map[string]string{"user": "user", "network": "net", "ipc": "ipc"} {
		if jailtest.Namespace(pid, name) != jailtest.Namespace(os.Getpid(), name) {
			joined = append(joined, fmt.Sprintf("%s: {join: /proc/%d/ns/%s}", key, pid, name))
		} else {
			joined = append(joined, key+": host")
		}
	}
	if strings.Contains(strings.Join(joined, " "), "user: host") {
		return exec.Command("sleep", "0.3"), nil
	}
	profile := filepath.Join(c.Dir, nonce()+".yaml")
	c.later(func() { os.Remove(profile) })
	text := "apiVersion: netjail/v1\nfilesystem: host\naudit: {mode: report}\nnamespaces: {pid: " + kind + ", " + strings.Join(joined, ", ") + "}\n"
	cmd := exec.Command(c.post.cmd.Args[0], "run", profile, "true")
	cmd.Dir = "/"
	return cmd, os.WriteFile(profile, []byte(text), 0o644)
}

// attemptWith is the process of the attempt that was given a word, 0 where there
// is none.
func (c *caller) attemptWith(word string) int {
	for _, p := range jailtest.Descendants(c.post.cmd.Process.Pid) {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", p.PID))
		if strings.HasPrefix(string(text), "agent\x00"+roleAttempt) && strings.Contains(string(text), word) {
			return p.PID
		}
	}
	return 0
}

// rob looks for a file of that name among the descriptors of every process that it
// sees, until it is told that nobody comes any more. The kernel asks less of whoever
// opens a link of /proc/PID/fd than of ptrace(2) and pidfd_getfd(2), and no filter
// refuses it.
func rob(args []string) (string, error) {
	over := make(chan error, 1)
	go func() {
		_, err := readLine(os.Stdin)
		over <- err
	}()
	loot := ""
	for {
		select {
		case err := <-over:
			if err == nil && loot == "" {
				err = errNotOut
			}
			return loot, err
		default:
		}
		if loot == "" {
			loot = robOnce(args[0])
		}
		time.Sleep(50 * time.Microsecond)
	}
}

func robOnce(name string) string {
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.Contains(to, name) {
			text, _ := os.ReadFile(link)
			return string(text)
		}
	}
	return ""
}
